import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTile } from '../src/decode.js';
import { distanceToSegment, featureAt, isInside } from '../src/hit.js';
import { square, tileBytes } from './tile.mjs';

const RULES = [
  { source: 'land', kind: 'fill', color: '#eee' },
  { source: 'pipes', kind: 'line', color: '#00f', width: 2 },
  { source: 'lamps', kind: 'circle', color: '#f00', radius: 4 },
];
const TILE = decodeTile(tileBytes([
  { name: 'land', extent: 256, features: [
    { id: 1, type: 3, lines: [square(0, 0, 200)] },
    { id: 2, type: 3, lines: [square(50, 50, 50)] },
    { id: 3, type: 3, lines: [square(120, 120, 60), square(140, 140, 20).reverse()] }] },
  { name: 'pipes', extent: 256, features: [{ id: 10, type: 2, lines: [[[0, 30], [200, 30]]] }] },
  { name: 'lamps', extent: 256, features: [
    { id: 20, type: 1, lines: [[[100, 30]]], properties: { kind: 4 } },
    { id: 21, type: 1, lines: [[[106, 30]]] }] },
]));
const at = (x, y, more = {}) =>
  featureAt(TILE, x, y, { rules: RULES, zoom: 15, size: 256, tolerance: 3, ...more });

test('a point wins over the line and the area below it', () => {
  const hit = at(101, 31);
  assert.deepEqual([hit.source, hit.id, hit.properties], ['lamps', 20, { kind: 4 }]);
});

test('the nearer of two overlapping points wins', () => assert.equal(at(105, 30).id, 21));

test('a line wins over the area below it within its tolerance and loses outside it', () => {
  assert.equal(at(20, 33.5).id, 10);
  assert.equal(at(20, 36).source, 'land');
});

test('among areas the one painted last wins', () => assert.equal(at(60, 60).id, 2));

test('a hole lets the area below through', () => assert.equal(at(150, 150).id, 1));

test('nothing is hit outside everything', () => assert.equal(at(250, 250), null));

test('a rule out of its zoom, not interactive, or without colour cannot be hit', () => {
  const only = (rule) => at(101, 31, { rules: [{ ...RULES[2], ...rule }] });
  assert.equal(only({ minzoom: 16 }), null);
  assert.equal(only({ maxzoom: 15 }), null);
  assert.equal(only({ interactive: false }), null);
  assert.equal(only({ color: { by: 'kind', cats: { 9: '#000' } } }), null);
  assert.equal(only({}).id, 20);
});

test('a hit scales with the tile: 4096 units on 512 pixels', () => {
  const tile = decodeTile(tileBytes([{ name: 'lamps', features: [{ id: 5, type: 1, lines: [[[4000, 4000]]] }] }]));
  const view = { rules: [RULES[2]], zoom: 15, size: 512, tolerance: 0 };
  assert.equal(featureAt(tile, 500, 500, view).id, 5);
  assert.equal(featureAt(tile, 495, 495, view), null);
});

test('every point of two adjoining squares lies in exactly one of them', () => {
  const layer = decodeTile(tileBytes([{ name: 'g', features: [
    { id: 1, type: 3, lines: [square(0, 0, 10)] }, { id: 2, type: 3, lines: [square(10, 0, 10)] }] }])).get('g');
  for (let x = 0; x < 20; x += 0.5) {
    assert.equal(Number(isInside(layer, 0, x, 5)) + Number(isInside(layer, 1, x, 5)), 1, `x = ${x}`);
  }
});

test('the distance to a segment is to its end beyond it', () => {
  assert.equal(distanceToSegment(5, 3, 0, 0, 10, 0), 3);
  assert.equal(distanceToSegment(13, 4, 0, 0, 10, 0), 5);
  assert.equal(distanceToSegment(3, 4, 0, 0, 0, 0), 5);
});
