import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toGcj02 } from '../src/gcj02.js';
import {
  asDecimal, asProjected, asSexagesimal, projectionOf, sexagesimal, waysOf, withoutZone,
} from '../src/workbench/tools/positions.js';
import { believed, readPosition } from '../src/workbench/tools/reading.js';

const CRS = { code: 'EPSG:4548', name: 'CGCS2000 / 3-degree Gauss-Kruger CM 117E',
  proj4: '+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs' };
const projection = projectionOf(CRS);
const box = believed([[39.85, 116.35], [39.98, 116.46]]);
const HERE = [116.4164, 39.9281];
const read = (text, isGcj = false) => readPosition(text, { projection, box, isGcj });

function assertHere(found, text, tolerance = 1e-6) {
  assert.ok(found.lnglat, `${text}: ${found.fault} ${JSON.stringify(found.values)}`);
  assert.ok(Math.hypot(found.lnglat[0] - HERE[0], found.lnglat[1] - HERE[1]) < tolerance, `${text}: ${found.lnglat}`);
}

test('seconds that round up carry into minutes and degrees', () => {
  assert.equal(sexagesimal(39.9999999), '40°00′00.00″');
  assert.equal(sexagesimal(39 + 59.99 / 3600), '39°00′59.99″');
  assert.equal(asSexagesimal([-0.5, -10.25]), '10°15′00.00″S 0°30′00.00″W');
});

test('the projected metres are those of PROJ', () => {
  assert.equal(asProjected(HERE, projection), '450111.76, 4421708.76');
  assert.equal(asProjected([117, 40], projection), '500000.00, 4429529.03');
});

test('every way a position is written can be typed back', () => {
  const ways = waysOf(HERE, projection);
  assert.deepEqual(ways.map(({ key }) => key), ['decimal', 'sexagesimal', 'projected', 'gcj02']);
  for (const { key, text } of ways) assertHere(read(text, key === 'gcj02'), text, 2e-6);
});

test('degrees are understood in either order, with letters, signs, Chinese names and wide digits', () => {
  for (const text of ['116.4164, 39.9281', '39.9281 116.4164', '39.9281N 116.4164E', 'E116.4164 N39.9281',
    '116.4164°E，39.9281°N', '东经116.4164°，北纬39.9281°', '北纬 39.9281 东经 116.4164', '１１６．４１６４，３９．９２８１',
    'lat 39.9281, lon 116.4164', '(116.4164, 39.9281)', '116.4164/39.9281', '经度：116.4164 纬度：39.9281',
    'CGCS2000 116.4164 39.9281']) assertHere(read(text), text);
});

test('minutes and seconds are understood with every common sign', () => {
  for (const text of ['39°55′41.16″N 116°24′59.04″E', `39°55'41.16"N, 116°24'59.04"E`, `N39°55'41.16" E116°24'59.04"`,
    '东经116度24分59.04秒 北纬39度55分41.16秒', '116:24:59.04 39:55:41.16', '116 24 59.04 39 55 41.16',
    '116°24.984′E 39°55.686′N', '116 24.984, 39 55.686', '39º55’41.16”N 116º24’59.04”E',
    "39°55′41.16''N 116°24′59.04''E"]) assertHere(read(text), text, 3e-6);
});

test('projected metres are understood in either order, with the zone of 3° or 6° in front', () => {
  for (const text of ['450111.7612, 4421708.7644', '4421708.7644 450111.7612', 'X=4421708.7644 Y=450111.7612',
    'E 450111.7612 N 4421708.7644', '39450111.7612, 4421708.7644', '4421708.7644, 20450111.7612',
    'EPSG:4548 450111.7612 4421708.7644']) assertHere(read(text), text, 1e-7);
  assert.equal(read('450111.7612, 4421708.7644').way, 'projected');
});

test('GCJ-02 is taken back only when somebody says so', () => {
  const [lng, lat] = toGcj02(...HERE);
  assertHere(read(asDecimal([lng, lat]), true), 'chosen');
  assertHere(read(`GCJ-02 ${lng}, ${lat}`), 'named in the text', 1e-8);
  const unsaid = read(asDecimal([lng, lat]));
  assert.ok(Math.abs(unsaid.lnglat[0] - lng) < 1e-6, 'shifted without being asked');
});

const refused = (text, fault, values) => {
  const found = read(text);
  assert.equal(found.fault, fault, `${text} → ${JSON.stringify(found)}`);
  for (const [key, value] of Object.entries(values ?? {})) assert.equal(found.values[key], value, `${text}: ${key}`);
};

test('what breaks a rule is refused by the name of the rule and with the value', () => {
  refused('', 'goto.empty');
  refused('somewhere', 'goto.unreadable', { value: 'somewhere' });
  refused('<img src=x onerror=alert(1)>', 'goto.unreadable');
  refused('116.4164', 'goto.two_numbers', { count: '1' });
  refused('116.4164 39.9281 5', 'goto.two_numbers', { count: '3' });
  refused('39°61′00″N 116°24′59″E', 'goto.sixty', { value: '61' });
  refused('39 55 60 116 24 59', 'goto.sixty', { value: '60' });
  refused('39.5°55′N 116°24′E', 'goto.whole_degrees', { value: '39.5' });
  refused('39°55.5′10″N 116°24′59″E', 'goto.whole_minutes', { value: '55.5' });
  refused('39.9281N 39.9281N', 'goto.same_axis');
  refused('39.9281, 450111', 'goto.mixed');
  refused('E196.4164 N39.9281', 'goto.too_many_degrees', { value: '196.4164' });
  refused('EPSG:3857 12959405 4852345', 'goto.other_crs', { value: 'EPSG:3857', crs: 'EPSG:4548' });
  refused('38450111.7612, 4421708.7644', 'goto.other_zone', { zone: '38', wanted: '39 / 20' });
  assert.equal(read('450111.7612, 4421708.7644', true).fault, 'goto.gcj_metres');
});

test('what lies outside the district is refused with the range', () => {
  refused('121.47, 31.23', 'goto.outside', { value: '121.47, 31.23', lng: '116.32–116.49°E', lat: '39.82–40.01°N' });
  refused('-116.4164, 39.9281', 'goto.outside');
  refused('S39.9281 E116.4164', 'goto.outside');
  refused('550111.7612, 4421708.7644', 'goto.outside');
  refused('200, 100', 'goto.outside');
});

test('numbers that could mean two places are refused', () => {
  const diagonal = believed([[39, 39], [41, 41]]);
  assert.equal(readPosition('40.1 39.9', { projection, box: diagonal }).fault, 'goto.two_places');
  assert.deepEqual(readPosition('40.1N 39.9E', { projection, box: diagonal }).lnglat, [39.9, 40.1]);
});

test('a definition that already holds the zone takes eastings with it', () => {
  const zoned = projectionOf({ ...CRS, code: 'EPSG:4527', proj4: CRS.proj4.replace('500000', '39500000') });
  assert.equal(withoutZone(39450111, zoned), 39450111);
  assert.equal(withoutZone(38450111, zoned), null);
});

test('hundreds of broken texts are refused without a throw', () => {
  const pieces = ['116', '39.9', '°', '′', '″', 'N', 'E', ',', ' ', '-', '.', '度', 'GCJ-02', '1e9', 'NaN', '٣', '\u0000', '<b>'];
  let seed = 7;
  const next = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed; };
  for (let i = 0; i < 800; i++) {
    const text = Array.from({ length: 1 + next() % 9 }, () => pieces[next() % pieces.length]).join('');
    const found = read(text);
    assert.ok(found.fault || found.lnglat.every(Number.isFinite), text);
  }
});
