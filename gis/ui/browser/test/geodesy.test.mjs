import assert from 'node:assert/strict';
import { test } from 'node:test';
import geodesic from 'geographiclib-geodesic';
import {
  area, AREA_UNITS, CGCS2000, crossesItself, inUnit, length, LENGTH_UNITS, MU_M2, perimeter, segments,
} from '../src/workbench/tools/geodesy.js';

const { WGS84 } = geodesic.Geodesic;
// the coast of Antarctica as the documentation of GeographicLib gives it (latitude, longitude), with its figures
const ANTARCTICA = [[-63.1, -58], [-72.9, -74], [-71.9, -102], [-74.9, -102], [-74.3, -131], [-77.5, -163],
  [-77.4, 163], [-71.7, 172], [-65.9, 140], [-65.7, 113], [-66.6, 88], [-66.9, 59], [-69.8, 25], [-70.0, -4],
  [-71.0, -14], [-77.3, -33], [-77.9, -46], [-74.7, -61]].map(([lat, lng]) => [lng, lat]);
const near = (found, wanted, tolerance) =>
  assert.ok(Math.abs(found - wanted) <= tolerance, `${found} is not ${wanted} ± ${tolerance}`);

test('Wellington to Salamanca is as long as published', () => {
  near(length([[174.81, -41.32], [-5.50, 40.96]], WGS84), 19959679.267, 0.001);
});

test('the coast of Antarctica has its published length and area', () => {
  near(perimeter(ANTARCTICA, WGS84), 16831067.893, 0.001);
  near(area(ANTARCTICA, WGS84), 13662703680020.1, 0.5);
});

test('a ring of GeographicLib’s own tests has its area whichever way it turns', () => {
  const ring = [[1, 2], [2, 1], [3, 3]];
  near(area(ring, WGS84), 18454562325.45119, 0.5);
  near(area([...ring].reverse(), WGS84), 18454562325.45119, 0.5);
});

test('a square of two degrees across at the equator has its published perimeter and area', () => {
  const ring = [[-1, 0], [0, -1], [1, 0], [0, 1]];
  near(perimeter(ring, WGS84), 627598.2731, 1e-4);
  near(area(ring, WGS84), 24619419146, 1);
});

test('CGCS2000 and WGS 84 differ by less than a millimetre over a city', () => {
  const line = [[116.30, 39.85], [116.50, 39.99]];
  near(length(line, CGCS2000), length(line, WGS84), 0.001);
  assert.notEqual(CGCS2000.f, WGS84.f);
});

test('a line is the sum of its segments', () => {
  const line = [[116.40, 39.90], [116.41, 39.90], [116.41, 39.91]];
  assert.equal(segments(line).length, 2);
  near(length(line), segments(line)[0] + segments(line)[1], 0);
  assert.deepEqual([length([]), length([[116, 39]]), perimeter([[116, 39]])], [0, 0, 0]);
});

test('fewer than three points have no area', () => {
  assert.equal(area([[116, 39], [117, 39]]), 0);
});

test('a mu is 2000/3 square metres, fifteen are a hectare', () => {
  near(MU_M2, 666.67, 0.005);
  assert.equal(inUnit(1_000_000, AREA_UNITS.mu, 'en'), '1,500.00');
  assert.equal(inUnit(15 * MU_M2, AREA_UNITS.ha, 'en'), '1.000');
  assert.equal(inUnit(2_500_000, AREA_UNITS.km2, 'zh-CN'), '2.5000');
});

test('numbers have the separators of the language', () => {
  assert.equal(inUnit(12345.67, LENGTH_UNITS.m, 'zh-CN'), '12,345.7');
  assert.equal(inUnit(12345.67, LENGTH_UNITS.km, 'en'), '12.346');
});

test('a bow tie crosses itself, a square and a triangle do not', () => {
  assert.equal(crossesItself([[0, 0], [1, 1], [1, 0], [0, 1]]), true);
  assert.equal(crossesItself([[0, 0], [1, 0], [1, 1], [0, 1]]), false);
  assert.equal(crossesItself([[0, 0], [1, 0], [1, 1]]), false);
});

test('a side that runs back over another one crosses it', () => {
  assert.equal(crossesItself([[0, 0], [2, 0], [2, 1], [1, 0]]), true);
});
