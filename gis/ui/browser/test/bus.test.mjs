import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arbitrate, hashOfView, reportOf, viewFromHash } from '../src/bus.js';

test('points win over lines over areas, then the upper layer, then the nearer feature', () => {
  const area = { layer: 'grids', rank: 2, order: 90, distance_px: 0 };
  const line = { layer: 'pipes', rank: 1, order: 30, distance_px: 5 };
  const near = { layer: 'lamps', rank: 0, order: 40, distance_px: 1 };
  const far = { layer: 'lamps2', rank: 0, order: 40, distance_px: 2 };
  const upper = { layer: 'cases', rank: 0, order: 50, distance_px: 4 };
  assert.equal(arbitrate([area, line]).layer, 'pipes');
  assert.equal(arbitrate([area, line, far, near]).layer, 'lamps');
  assert.equal(arbitrate([far, near, upper]).layer, 'cases');
  assert.equal(arbitrate([]), null);
});

test('a view written into the link is read back', () => {
  const view = { zoom: 15, lat: 39.9281, lng: -116.4164 };
  assert.deepEqual(viewFromHash(hashOfView(view)), view);
});

test('a hostile or foreign link gives no view', () => {
  for (const hash of ['', '#', '#map=99/0/0', '#map=1/91/0', '#map=1/0/181', '#map=15/39.9', '#results',
    '#map=15/39.9/116.4/<img>', '#map=1e9/0/0', null]) assert.equal(viewFromHash(hash), null, hash);
});

test('a click on nothing still reports where it was', () => {
  const report = reportOf(null, [], { lat: 39.9, lng: 116.4 }, 3);
  assert.deepEqual(report.geometry.coordinates, [116.4, 39.9]);
  assert.deepEqual([report.id, report.properties._layer, report.properties._seq], [null, null, 3]);
});

test('a report names every layer under the click', () => {
  const hits = [{ layer: 'lamps', source: 'lamps', id: 1, properties: { kind: 2 } },
    { layer: 'grids', source: 'grids', id: 9, properties: {} }];
  const report = reportOf(hits[0], hits, { lat: 1, lng: 2 }, 1);
  assert.equal(report.properties.kind, 2);
  assert.deepEqual(report.properties._also.map((h) => h.layer), ['lamps', 'grids']);
});
