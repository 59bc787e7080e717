import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTile } from '../src/decode.js';
import { Occupied, candidatesOf, middleOfLine, place } from '../src/labels.js';
import { tileBytes } from './tile.mjs';

const measure = (text) => text.length * 12;
const rule = { source: 'streets', text: 'name', size: 12 };
const label = (text, x, y, more = {}) => ({ rule, text, x, y, size: 12, angle: 0, length: Infinity, priority: 1, ...more });

test('labels that would overlap a placed one are left out, the more important stays', () => {
  const placed = place([label('乙', 10, 0, { priority: 2 }), label('甲', 0, 0), label('丙', 100, 0)], measure);
  assert.deepEqual(placed.map((l) => l.text).sort(), ['丙', '甲'].sort());
});

test('a line shorter than its label gets none and equal names keep their distance', () => {
  const placed = place([label('长安街', 0, 0, { length: 20 }), label('长安街', 0, 100, { length: 200 }),
    label('长安街', 0, 150, { length: 200 }), label('长安街', 0, 500, { length: 200 })], measure);
  assert.deepEqual(placed.map((l) => l.y), [100, 500]);
});

test('a label point in a tile margin is left to the neighbouring tile', () => {
  const tile = decodeTile(tileBytes([{ name: 'streets', features: [
    { id: 1, type: 1, lines: [[[-5, 10]]], properties: { name: '东华门街道' } },
    { id: 2, type: 1, lines: [[[0, 10]]], properties: { name: '景山街道' } },
    { id: 3, type: 1, lines: [[[4096, 10]]], properties: { name: '交道口街道' } }] }]));
  const found = [...candidatesOf({ tile, coords: { x: 2, y: 3, z: 14 } }, [rule], 256)];
  assert.deepEqual(found.map((l) => [l.text, l.x, l.y]), [['景山街道', 512, 768 + 10 / 16]]);
});

test('the middle of a bent line is half its length along it and text never stands on its head', () => {
  const layer = decodeTile(tileBytes([{ name: 'r', features: [
    { id: 1, type: 2, lines: [[[100, 0], [0, 0], [0, 50]]] }] }])).get('r');
  const middle = middleOfLine(layer, 0);
  assert.deepEqual([middle.x, middle.y, middle.length], [25, 0, 150]);
  assert.equal(Math.abs(middle.angle), 0);
});

test('rectangles that only touch do not overlap', () => {
  const occupied = new Occupied();
  assert.equal(occupied.take([0, 0, 10, 10]), true);
  assert.equal(occupied.take([10, 0, 20, 10]), true);
  assert.equal(occupied.take([9, 9, 11, 11]), false);
});
