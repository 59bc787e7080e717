import assert from 'node:assert/strict';
import test from 'node:test';
import { densityOf, metresPerPixel, ratioAt, ratioText, scaleBar, zoomFor } from '../src/print/paper.js';

test('a pixel of web Mercator covers what the standard says', () => {
  // OGC 07-057r7 annex E.4 (GoogleMapsCompatible): 0.59716428 m at level 18 on the equator
  assert.ok(Math.abs(metresPerPixel(0, 18) - 0.5971642835) < 1e-9);
  assert.ok(Math.abs(metresPerPixel(60, 18) - 0.5971642835 / 2) < 1e-9);
});

test('zoom and ratio are inverse at every latitude', () => {
  for (const lat of [-60, 0, 22.5, 39.9, 53]) {
    for (const ratio of [500, 2000, 50_000]) {
      assert.ok(Math.abs(ratioAt(lat, zoomFor(lat, ratio)) - ratio) < 1e-6);
    }
  }
});

test('a scale bar is round, fits, and is as long as it says', () => {
  for (const ratio of [137, 500, 1999, 2000, 13_800, 50_000, 500_000]) {
    const { metres, mm, text } = scaleBar(ratio, 45);
    assert.match(String(metres / 10 ** Math.floor(Math.log10(metres))), /^[125]$/);
    assert.ok(mm <= 45 && mm > 45 / 2.6, `${ratio}: ${mm}`);
    assert.ok(Math.abs((mm / 1000) * ratio - metres) < 1e-9);
    assert.equal(text, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`);
  }
});

test('a ratio is written with three figures that count', () => {
  assert.equal(ratioText(13_783.2, 'en'), '1 : 13,800');
  assert.equal(ratioText(500, 'zh-CN'), '1 : 500');
  assert.equal(ratioText(99.4, 'en'), '1 : 99');
});

test('paper is painted denser than a screen', () => {
  assert.ok(densityOf('a4') > densityOf('a3') && densityOf('a3') >= 2);
});
