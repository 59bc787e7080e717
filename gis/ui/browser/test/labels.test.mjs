import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTile } from '../src/decode.js';
import { Occupied, alongPath, candidatesOf, lettersAlong, place } from '../src/labels.js';
import { signsOf } from '../src/signs.js';
import { tileBytes } from './tile.mjs';

const measure = (text) => text.length * 12;
const rule = { source: 'streets', text: 'name', size: 12 };
const label = (text, x, y, more = {}) => ({ rule, text, key: text, x, y, size: 12, path: null, priority: 1, ...more });
/** A path of CSS pixels from its corners. */
const pathOf = (...corners) => {
  let walked = 0;
  return corners.map(([x, y], at) => {
    if (at) walked += Math.hypot(x - corners[at - 1][0], y - corners[at - 1][1]);
    return { x, y, walked };
  });
};
const road = (text, y, length) => label(text, length / 2, y, { path: pathOf([0, y], [length, y]) });

test('labels that would overlap a placed one are left out, the more important stays', () => {
  const placed = place([label('乙', 10, 0, { priority: 2 }), label('甲', 0, 0), label('丙', 100, 0)], measure);
  assert.deepEqual(placed.map((l) => l.text).sort(), ['丙', '甲'].sort());
});

test('of two equally important labels the one that stood there before stays', () => {
  const both = () => [label('甲', 0, 0), label('乙', 10, 0)];
  for (const key of ['甲', '乙']) {
    assert.deepEqual(place(both(), measure, new Set([key])).map((l) => l.text), [key]);
  }
});

test('a line shorter than its label gets none and equal names keep their distance', () => {
  const placed = place([road('长安街', 0, 20), road('长安街', 100, 200), road('长安街', 150, 200),
    road('长安街', 500, 200)], measure);
  assert.deepEqual(placed.map((l) => l.y), [100, 500]);
});

test('a label below its point leaves the point free', () => {
  const [placed] = place([label('协和医院', 0, 0, { rule: { ...rule, below: 14 } })], measure);
  assert.equal(placed.letters[0].y, 14);
});

test('a label point in a tile margin is left to the neighbouring tile', () => {
  const tile = decodeTile(tileBytes([{ name: 'streets', features: [
    { id: 1, type: 1, lines: [[[-5, 10]]], properties: { name: '东华门街道' } },
    { id: 2, type: 1, lines: [[[0, 10]]], properties: { name: '景山街道' } },
    { id: 3, type: 1, lines: [[[4096, 10]]], properties: { name: '交道口街道' } }] }]));
  const found = [...candidatesOf({ tile, coords: { x: 2, y: 3, z: 14 } }, [rule], 256)];
  assert.deepEqual(found.map((l) => [l.text, l.x, l.y]), [['景山街道', 512, 768 + 10 / 16]]);
});

test('tiles of the zoom before lend their labels at the size of this one', () => {
  const tile = decodeTile(tileBytes([{ name: 'streets', features: [
    { id: 1, type: 1, lines: [[[2048, 1024]]], properties: { name: '景山街道' } }] }]));
  const [found] = candidatesOf({ tile, coords: { x: 2, y: 3, z: 14 } }, [rule], 256, { grow: 2 });
  assert.deepEqual([found.x, found.y], [2 * (512 + 128), 2 * (768 + 64)]);
});

test('text on a straight line is written as one, and reads from left to right whichever way the line runs', () => {
  for (const path of [pathOf([0, 0], [100, 0]), pathOf([100, 0], [60, 0], [0, 0])]) {
    const letters = lettersAlong(path, '长安街', measure);
    assert.deepEqual(letters.map((l) => [l.text, l.x, Math.abs(l.angle) < 1e-9]), [['长安街', 50, true]]);
  }
});

test('letters follow a bend, and a corner too sharp for them gets none', () => {
  const letters = lettersAlong(pathOf([0, 0], [50, 0], [90, 20]), '平安大街', measure);
  assert.deepEqual(letters.map((l) => l.text), ['平', '安', '大', '街']);
  assert.ok(letters[0].angle === 0 && letters[3].angle > 0.4);
  assert.equal(lettersAlong(pathOf([0, 0], [50, 0], [50, 50]), '平安大街', measure), null);
});

test('the place along a path is found in the stretch that holds it', () => {
  const { x, y, angle } = alongPath(pathOf([100, 0], [0, 0], [0, 50]), 125);
  assert.deepEqual([x, y, angle], [0, 25, Math.PI / 2]);
});

test('rectangles that only touch do not overlap', () => {
  const occupied = new Occupied();
  assert.equal(occupied.take([0, 0, 10, 10]), true);
  assert.equal(occupied.take([10, 0, 20, 10]), true);
  assert.equal(occupied.take([9, 9, 11, 11]), false);
});

const sign = (x, y, reach = 14, owner = 'case_cluster|1') => ({ owner, x, y, reach });

test('the label of a point that carries a sign stands close below it', () => {
  for (const y of [50, 551.3, 619.7]) {
    const [placed] = place([label('景山街道', 50, y)], measure, new Set(), [sign(50, y)]);
    assert.ok(Math.abs(placed.letters[0].y - (y + 14 + 6 + 2)) < 0.2);
  }
});

test('above it where something stands below, and nowhere where both are taken', () => {
  const around = [sign(50, 50), sign(50, 75, 10, 'case_cluster|2')];
  const [placed] = place([label('景山街道', 50, 50)], measure, new Set(), around);
  assert.ok(Math.abs(placed.letters[0].y - (50 - 14 - 6 - 2)) < 0.2);
  assert.deepEqual(place([label('景山街道', 50, 50)], measure, new Set(), [...around, sign(50, 25, 10, 'x|3')]), []);
});

test('a label may lie on the sign of its own feature', () => {
  const own = label('协和医院', 50, 50, { owner: 'hospital|7', rule: { ...rule, below: 8 } });
  const [placed] = place([own], measure, new Set(), [sign(50, 50, 9, 'hospital|7')]);
  assert.equal(placed.letters[0].y, 58);
});

test('the name of a line goes where no sign stands on it', () => {
  const placed = place([road('长安街', 0, 200), road('长安街', 300, 200)], measure, new Set(), [sign(100, 0)]);
  assert.deepEqual(placed.map((l) => l.y), [300]);
});

test('equal names on points keep the distance a rule asks for', () => {
  const river = (x) => label('金水河', x, 0, { rule: { ...rule, spacing: 320 } });
  assert.deepEqual(place([river(0), river(100), river(400)], measure).map((l) => l.x), [0, 400]);
});

test('signs are counted circles and what is large, where it is drawn at all', () => {
  const tile = decodeTile(tileBytes([{ name: 'cases', features: [
    { id: 1, type: 1, lines: [[[1024, 2048]]], properties: { n: 3 } },
    { id: 2, type: 1, lines: [[[0, 0]]], properties: { n: 90 } }] }]));
  const found = (rule, view = {}) => [...signsOf({ tile, coords: { x: 2, y: 3, z: 14 } }, [{ source: 'cases',
    color: '#c00', ...rule }], 256, { zoom: 14, joined: null, now: 0, range: null, ...view })];
  assert.deepEqual(found({ kind: 'circle', radius: 4, text: 'n', filter: { n: [3] } }),
    [{ owner: 'cases|1', reach: 6, x: 2 * 256 + 64, y: 3 * 256 + 128 }]);
  const growing = { by: 'n', stops: [50], range: [4, 9] };
  assert.deepEqual(found({ kind: 'circle', radius: growing }).map((one) => one.owner), ['cases|2']);
  assert.deepEqual(found({ kind: 'circle', radius: growing }, { range: { n: [0, 9] } }), []);
  assert.deepEqual(found({ kind: 'icon', icon: 'case', size: 20 }).map((one) => one.reach), [12, 12]);
  assert.deepEqual(found({ kind: 'icon', icon: 'case', size: 11 }), []);
  assert.deepEqual(found({ kind: 'fill' }), []);
});
