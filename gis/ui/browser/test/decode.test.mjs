import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTile } from '../src/decode.js';
import { square, tileBytes } from './tile.mjs';

test('a decoded feature keeps its id, type, attributes and vertices', () => {
  const tile = decodeTile(tileBytes([{ name: 'pipes', features: [
    { id: 7, type: 2, lines: [[[0, 0], [10, 20], [-5, 4100]]], properties: { kind: 3, owner: '自来水' } }] }]));
  const layer = tile.get('pipes');
  assert.equal(layer.length, 1);
  assert.equal(layer.ids[0], 7);
  assert.equal(layer.types[0], 2);
  assert.deepEqual([...layer.coords], [0, 0, 10, 20, -5, 4100]);
  assert.deepEqual([...layer.boxes], [-5, 0, 10, 4100]);
  assert.deepEqual(layer.properties(0), { kind: 3, owner: '自来水' });
});

test('a fifteen digit grid code survives as a feature id', () => {
  const tile = decodeTile(tileBytes([{ name: 'grids', features: [
    { id: 110101001001001, type: 3, lines: [square(0, 0, 10)] }] }]));
  assert.equal(tile.get('grids').ids[0], 110101001001001);
});

test('a polygon ring is stored without its closing vertex and keeps its hole', () => {
  const tile = decodeTile(tileBytes([{ name: 'land', features: [
    { id: 1, type: 3, lines: [square(0, 0, 100), square(40, 40, 10).reverse()] }] }]));
  const layer = tile.get('land');
  assert.deepEqual([...layer.rings], [0, 2]);
  assert.deepEqual([...layer.vertices], [0, 4, 8]);
});

test('an attribute that only some features carry is undefined for the others', () => {
  const layer = decodeTile(tileBytes([{ name: 'a', features: [
    { id: 1, type: 1, lines: [[[1, 1]]] },
    { id: 2, type: 1, lines: [[[2, 2]]], properties: { state: 5 } }] }])).get('a');
  assert.equal(layer.get(0, 'state'), undefined);
  assert.equal(layer.get(1, 'state'), 5);
  assert.deepEqual(layer.properties(0), {});
});

test('several layers in one tile stay apart and an empty tile has none', () => {
  const tile = decodeTile(tileBytes([
    { name: 'roads', features: [{ id: 1, type: 2, lines: [[[0, 0], [1, 1]]] }] },
    { name: 'water', features: [{ id: 1, type: 3, lines: [square(0, 0, 5)] }] }]));
  assert.deepEqual([...tile.keys()], ['roads', 'water']);
  assert.equal(decodeTile(new Uint8Array(0)).size, 0);
});

test('bytes that are no tile are refused, not painted', () => {
  assert.throws(() => decodeTile(new TextEncoder().encode('<html>Not found</html>')));
});
