import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTile } from '../src/decode.js';
import { groupsOf } from '../src/paint.js';
import { Look, faultsOf, filterOf, isInZoom, joinOf, mostOf, readsClock, resolve } from '../src/style.js';
import { tileBytes } from './tile.mjs';

const layer = decodeTile(tileBytes([{ name: 'grids', features: [
  { id: 1, type: 1, lines: [[[0, 0]]], properties: { kind: 1, open: 0 } },
  { id: 2, type: 1, lines: [[[0, 0]]], properties: { kind: 2, open: 10 } },
  { id: 3, type: 1, lines: [[[0, 0]]], properties: { kind: 9, open: 55 } },
  { id: 4, type: 1, lines: [[[0, 0]]], properties: { kind: 2 } }] }])).get('grids');
const ALL = [0, 1, 2, 3];
/** Both ways to read a spec must agree: one by one (hits) and made ready for a layer (painting). */
const all = (spec, values, more = {}) => {
  const view = { zoom: 15, now: 0, joined: joinOf(values), ...more };
  const look = new Look(spec, layer, view);
  const found = ALL.map((i) => resolve(spec, layer, i, view));
  assert.deepEqual(ALL.map((i) => look.results[look.ordinal(i)]), found);
  return found;
};

test('categories take their colour and the rest takes other', () => {
  assert.deepEqual(all({ by: 'kind', cats: { 1: 'red', 2: 'blue' }, other: 'grey' }),
    ['red', 'blue', 'grey', 'blue']);
});

test('a category named like an object method is not found by accident', () => {
  const odd = decodeTile(tileBytes([{ name: 'a', features: [
    { id: 1, type: 1, lines: [[[0, 0]]], properties: { k: 'constructor' } }] }])).get('a');
  assert.equal(resolve({ by: 'k', cats: {}, other: 'grey' }, odd, 0, { zoom: 1 }), 'grey');
});

test('a value equal to a class limit belongs to the class above it and a missing one to nodata', () => {
  assert.deepEqual(all({ by: 'open', stops: [10, 50], range: ['low', 'mid', 'high'], nodata: 'none' }),
    ['low', 'mid', 'high', 'none']);
});

test('joined values are found by feature id and a feature without one gets nodata', () => {
  assert.deepEqual(all({ by: '@value', stops: [3], range: ['low', 'high'], nodata: 'none' }, { 1: 2, 3: 3 }),
    ['low', 'none', 'high', 'none']);
  assert.deepEqual(all({ by: '@value', stops: [3], range: ['low', 'high'], nodata: 'none' }, null),
    ['none', 'none', 'none', 'none']);
});

test('zoom stops interpolate numbers, step text, and hold beyond the ends', () => {
  const width = { zoom: [[12, 1], [16, 3]] };
  assert.deepEqual([10, 12, 14, 16, 20].map((z) => resolve(width, layer, 0, { zoom: z })), [1, 1, 2, 3, 3]);
  assert.equal(resolve({ zoom: [[12, 'a'], [16, 'b']] }, layer, 0, { zoom: 15 }), 'a');
});

test('a category may carry a zoom spec', () => {
  const spec = { by: 'kind', cats: { 1: { zoom: [[10, 0], [20, 10]] } }, other: 1 };
  assert.equal(all(spec)[0], 5);
});

test('features that look alike share one group and features without colour are left out', () => {
  const groups = groupsOf({ kind: 'circle', color: { by: 'kind', cats: { 1: 'red', 2: 'blue' } } }, layer, { zoom: 15 });
  assert.deepEqual(groups.map((g) => [g.look.color, g.features]), [['red', [0]], ['blue', [1, 3]]]);
});

test('a filter keeps only the allowed attribute values', () => {
  const groups = groupsOf({ kind: 'circle', color: 'red', filter: { kind: [2] } }, layer, { zoom: 15 });
  assert.deepEqual(groups[0].features, [1, 3]);
});

test('minzoom is included and maxzoom is not', () => {
  assert.deepEqual([11, 12, 14, 15].map((z) => isInZoom({ minzoom: 12, maxzoom: 15 }, z)),
    [false, true, true, false]);
});

test('every fault of the rules is named, not only the first', () => {
  assert.equal(faultsOf([{ kind: 'heat' },
    { source: 'a', kind: 'fill', color: { by: 'n', stops: [1], range: ['x'] } }]).length, 3);
  assert.deepEqual(faultsOf([{ source: 'a', kind: 'fill', color: 'red' }]), []);
});

test('a clock spec compares the minutes that are left, not the minute itself', () => {
  const due = { by: 'open', clock: true, stops: [0, 20], range: ['late', 'soon', 'calm'], nodata: 'none' };
  assert.deepEqual(all(due, null, { now: 0 }), ['soon', 'soon', 'calm', 'none']);
  assert.deepEqual(all(due, null, { now: 30 }), ['late', 'late', 'calm', 'none']);
  assert.equal(readsClock([{ color: due }]), true);
  assert.equal(readsClock([{ color: '#fff', width: { zoom: [[1, 1]] } }]), false);
});

const passing = (rule, range) => { const passes = filterOf(rule, layer, range); return ALL.filter((i) => passes(i)); };

test('a range of a rule includes both ends and leaves out features without the value', () => {
  assert.deepEqual(passing({ when: { open: [10, 55] } }), [1, 2]);
  assert.deepEqual(passing({ when: { open: [0, 9] }, filter: { kind: [1, 2] } }), [0]);
  assert.deepEqual(passing({ when: { missing: [0, 9] } }), []);
});

test('the range of a layer binds only sources that carry the attribute', () => {
  assert.deepEqual(passing({}, { open: [5, 20] }), [1]);
  assert.deepEqual(passing({}, { day: [5, 20] }), ALL);
});

test('the largest result of a spec bounds what a hit test must look at', () => {
  assert.equal(mostOf({ by: 'n', stops: [10], range: [4, { zoom: [[10, 5], [20, 15]] }] }, { zoom: 15 }), 10);
  assert.equal(mostOf({ by: 'k', cats: { a: 3 }, other: 7 }, { zoom: 15 }), 7);
  assert.equal(mostOf(2, { zoom: 15 }), 2);
});

test('a minute that carries its own limit turns by it where the style asks for it, and stays a minute elsewhere', () => {
  const due = 29_000_000, lead = 90;
  const spec = { by: 'due', clock: true, soon: true, stops: [0, 240], range: ['red', 'yellow', 'green'] };
  const layer = { get: () => due * 2 ** 20 + lead };
  const at = (now, more = {}) => resolve({ ...spec, ...more }, layer, 0, { zoom: 15, now });
  assert.deepEqual([due + 1, due, due - 89, due - 90, due - 91].map((now) => at(now)),
    ['red', 'yellow', 'yellow', 'green', 'green']);
  assert.deepEqual([due - 91, due - 240].map((now) => at(now, { soon: false })), ['yellow', 'green']);
  const plain = { get: () => due };
  assert.equal(resolve(spec, plain, 0, { zoom: 15, now: due - 100 }), 'yellow');
});
