import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTile } from '../src/decode.js';
import { indicesOf } from '../src/marks.js';
import { SPRITE } from '../src/sprite.js';
import { alongLines, shortCount } from '../src/symbols.js';
import { traceCircles, traceLines } from '../src/trace.js';
import { square, tileBytes } from './tile.mjs';

const layerOf = (features) => decodeTile(tileBytes([{ name: 'a', extent: 256, features }])).get('a');
const line = (...points) => layerOf([{ id: 1, type: 2, lines: [points] }]);

/** Notes path commands instead of drawing them. */
const notes = () => {
  const log = [];
  return { log, ...Object.fromEntries(['moveTo', 'lineTo', 'arc', 'rect'].map(
    (name) => [name, (...at) => log.push([name, ...at])])) };
};

function arrowsOf(layer, options) {
  const found = [];
  alongLines(layer, 0, 1, options, (x, y, dx, dy) => found.push([x, y, dx, dy]));
  return found;
}

test('arrows stand at equal steps around corners and point along the line', () => {
  const found = arrowsOf(line([0, 0], [60, 0], [60, 60]), { spacing: 40, least: 10 });
  assert.deepEqual(found, [[20, 0, 1, 0], [60, 0, 1, 0], [60, 40, 0, 1]]);
});

test('a line shorter than a step has one arrow in its middle, a very short one none', () => {
  assert.deepEqual(arrowsOf(line([0, 0], [30, 0]), { spacing: 80, least: 20 }), [[15, 0, 1, 0]]);
  assert.deepEqual(arrowsOf(line([0, 0], [15, 0]), { spacing: 80, least: 20 }), []);
});

test('counts too long for a circle are shortened', () => {
  assert.deepEqual([7, 9999, 12345, '甲'].map(shortCount), ['7', '9999', '12k', '甲']);
});

test('a ring is closed by a line and vertices too close to see are passed over', () => {
  const path = notes();
  traceLines(path, layerOf([{ id: 1, type: 3, lines: [[[0, 0], [40, 0], [41, 0], [40, 40]]] }]), 0, 0.1);
  assert.deepEqual(path.log, [['moveTo', 0, 0], ['lineTo', 4, 0], ['lineTo', 4, 4], ['lineTo', 0, 0]]);
});

test('a line keeps its last vertex however close it is', () => {
  const path = notes();
  traceLines(path, line([0, 0], [40, 0], [41, 0]), 0, 0.1);
  assert.deepEqual(path.log.at(-1).map((n) => (typeof n === 'number' ? n.toFixed(1) : n)), ['lineTo', '4.1', '0.0']);
});

test('a crowd of points on one spot is painted once and points off the tile not at all', () => {
  const crowd = Array.from({ length: 500 }, (_, id) => ({ id, type: 1, lines: [[[100, 100]]] }));
  const path = notes();
  traceCircles(path, layerOf([...crowd, { id: 500, type: 1, lines: [[[300, 10]]] }]),
    Array.from({ length: 501 }, (_, index) => index), 1, { size: 256, radius: 3 });
  assert.equal(path.log.filter(([name]) => name === 'arc').length, 1);
});

test('every part of a feature is marked', () => {
  const layer = layerOf([4, 9, 4].map((id) => ({ id, type: 3, lines: [square(0, 0, 5)] })));
  assert.deepEqual(indicesOf(layer, 4), [0, 2]);
  assert.deepEqual(indicesOf(layer, 5), []);
});

test('every picture of the sprite is closed shapes on its field', () => {
  for (const [name, data] of Object.entries(SPRITE)) {
    assert.match(data, /^M[-MmLlHhVvAaCcSsZz0-9. ]+Z$/, name);
  }
});
