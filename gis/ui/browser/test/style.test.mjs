import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTile } from '../src/decode.js';
import { groupsOf } from '../src/paint.js';
import { faultsOf, isInZoom, resolve } from '../src/style.js';
import { tileBytes } from './tile.mjs';

const layer = decodeTile(tileBytes([{ name: 'grids', features: [
  { id: 1, type: 1, lines: [[[0, 0]]], properties: { kind: 1, open: 0 } },
  { id: 2, type: 1, lines: [[[0, 0]]], properties: { kind: 2, open: 10 } },
  { id: 3, type: 1, lines: [[[0, 0]]], properties: { kind: 9, open: 55 } },
  { id: 4, type: 1, lines: [[[0, 0]]], properties: { kind: 2 } }] }])).get('grids');
const all = (spec, values, zoom = 15) => [0, 1, 2, 3].map((i) => resolve(spec, layer, i, zoom, values));

test('categories take their colour and the rest takes other', () => {
  assert.deepEqual(all({ by: 'kind', cats: { 1: 'red', 2: 'blue' }, other: 'grey' }),
    ['red', 'blue', 'grey', 'blue']);
});

test('a category named like an object method is not found by accident', () => {
  const odd = decodeTile(tileBytes([{ name: 'a', features: [
    { id: 1, type: 1, lines: [[[0, 0]]], properties: { k: 'constructor' } }] }])).get('a');
  assert.equal(resolve({ by: 'k', cats: {}, other: 'grey' }, odd, 0, 1), 'grey');
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
  assert.deepEqual([10, 12, 14, 16, 20].map((z) => resolve(width, layer, 0, z)), [1, 1, 2, 3, 3]);
  assert.equal(resolve({ zoom: [[12, 'a'], [16, 'b']] }, layer, 0, 15), 'a');
});

test('a category may carry a zoom spec', () => {
  const spec = { by: 'kind', cats: { 1: { zoom: [[10, 0], [20, 10]] } }, other: 1 };
  assert.equal(resolve(spec, layer, 0, 15), 5);
});

test('features that look alike share one group and features without colour are left out', () => {
  const groups = groupsOf({ kind: 'circle', color: { by: 'kind', cats: { 1: 'red', 2: 'blue' } } }, layer, 15);
  assert.deepEqual(groups.map((g) => [g.look.color, g.features]), [['red', [0]], ['blue', [1, 3]]]);
});

test('a filter keeps only the allowed attribute values', () => {
  const groups = groupsOf({ kind: 'circle', color: 'red', filter: { kind: [2] } }, layer, 15);
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
