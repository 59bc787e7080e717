import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromGcj02, isShifted, toGcj02 } from '../src/gcj02.js';

// pairs published with the eviltransform library: [name, longitude, latitude, GCJ-02 longitude, GCJ-02 latitude]
const PAIRS = [
  ['Shanghai', 121.5272106, 31.1774276, 121.531541859215, 31.17530398364597],
  ['Shenzhen', 113.912316, 22.543847, 113.9171764808363, 22.540796131694766],
  ['Beijing', 116.377817, 39.911954, 116.38404722455657, 39.91334545536069],
];
const CLOSE = 1e-6; // a tenth of a metre, the tolerance of the published tests

for (const [name, lng, lat, shiftedLng, shiftedLat] of PAIRS) {
  test(`${name} is shifted to its published place and back`, () => {
    const [east, north] = toGcj02(lng, lat);
    assert.ok(Math.abs(east - shiftedLng) < CLOSE && Math.abs(north - shiftedLat) < CLOSE, `${east}, ${north}`);
    const [backEast, backNorth] = fromGcj02(shiftedLng, shiftedLat);
    assert.ok(Math.abs(backEast - lng) < CLOSE && Math.abs(backNorth - lat) < CLOSE, `${backEast}, ${backNorth}`);
  });
}

test('there and back is the same place to a millimetre anywhere in the country', () => {
  for (let lng = 74; lng < 135; lng += 2.37) {
    for (let lat = 4; lat < 54; lat += 1.91) {
      const [east, north] = fromGcj02(...toGcj02(lng, lat));
      assert.ok(Math.hypot(east - lng, north - lat) < 1e-8, `${lng}, ${lat}`);
    }
  }
});

test('outside the country nothing is shifted', () => {
  assert.equal(isShifted(2.35, 48.86), false);
  assert.deepEqual(toGcj02(2.35, 48.86), [2.35, 48.86]);
  assert.deepEqual(fromGcj02(-74, 40.7), [-74, 40.7]);
});
