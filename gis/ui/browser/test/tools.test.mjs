import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clampDay, dayName, dayOf, spanOf, textOf, todayIn } from '../src/workbench/tools/calendar.js';
import { countsOn, daysLayerOf, levelAt, totalsOf } from '../src/workbench/tools/case_days.js';
import { boxArea, faultOf, MOST_VERTICES, polygonOf, ringsOf, thinned } from '../src/workbench/tools/outline.js';
import { printAddress } from '../src/workbench/tools/print.js';
import { formatSwipe, movedBy, parseSwipe, pixelOf } from '../src/workbench/tools/sides.js';

const HOME = [[39.89, 116.37], [39.93, 116.43]];

test('days of the link are days of the calendar', () => {
  assert.equal(dayOf('1970-01-01'), 0);
  assert.equal(dayOf('2026-11-01'), 20758);
  assert.equal(textOf(20758), '2026-11-01');
  assert.equal(dayOf('2024-02-29') + 1, dayOf('2024-03-01'));
  for (const text of ['2026-02-30', '2026-13-01', '26-1-1', '2026-11-01x', '', null, '0000-00-00', '9999-99-99']) {
    assert.equal(dayOf(text), null, String(text));
  }
  assert.equal(textOf(Infinity), '');
});

test('today is the district’s day, not that of Greenwich', () => {
  const late = new Date('2026-11-22T17:00:00Z');
  assert.equal(textOf(todayIn('Asia/Shanghai', late)), '2026-11-23');
  assert.deepEqual(spanOf(90, 'Asia/Shanghai', late).map(textOf), ['2026-08-26', '2026-11-23']);
  assert.equal(clampDay(5, [10, 20]), 10);
  assert.equal(clampDay(99, [10, 20]), 20);
});

test('a day is named as the language writes it', () => {
  assert.equal(dayName(20758, 'zh-CN'), '2026年11月1日周日');
  assert.equal(dayName(20758, 'en'), 'Sun, 1 Nov 2026');
  assert.equal(dayName(20758, 'zh-CN', { short: true }), '11月1日周日');
});

test('counts of a day come by area, and nothing outside the days answered', () => {
  const answer = { first: '2026-10-31', days: 3, areas: { a: [1, 2, 3], b: [0, 5, 0] } };
  assert.deepEqual(countsOn(answer, dayOf('2026-11-01')), { a: 2, b: 5 });
  assert.deepEqual(countsOn(answer, dayOf('2026-10-30')), { a: 0, b: 0 });
  assert.deepEqual(countsOn(answer, dayOf('2026-11-03')), { a: 0, b: 0 });
  assert.deepEqual(totalsOf(answer), [1, 7, 3]);
  assert.deepEqual([8, 11.9, 12, 13.5, 14, 18].map(levelAt), [3, 3, 4, 4, null, null]);
});

test('the layer of cases by day is found, or none', () => {
  const time = { source: 'case_day', attribute: 'day' };
  assert.equal(daysLayerOf({ layers: [{ id: 'cases', time }, { id: 'case_days', time }] }).id, 'case_days');
  assert.equal(daysLayerOf({ layers: [{ id: 'grids', time: null }] }), null);
  assert.equal(daysLayerOf({}), null);
});

test('what is compared is read from the link and written back', () => {
  for (const text of ['cases|grids|50', 'case_days:2026-11-01|case_days:2026-10-01|38']) {
    assert.equal(formatSwipe(parseSwipe(text)), text);
  }
  assert.equal(parseSwipe('cases|grids').share, 50);
  for (const text of ['cases', 'cases|grids|101', 'cases|grids|x', 'a:b|c|5', 'cases:2026-02-30|grids|5', '<b>|grids|5',
    'a|b|5|6', '', null]) assert.equal(parseSwipe(text), null, String(text));
});

test('keys move the divider and stop at the edges', () => {
  assert.equal(movedBy(50, { key: 'ArrowLeft' }), 48);
  assert.equal(movedBy(50, { key: 'ArrowRight', shiftKey: true }), 60);
  assert.deepEqual([movedBy(1, { key: 'ArrowLeft' }), movedBy(95, { key: 'PageUp' })], [0, 100]);
  assert.deepEqual([movedBy(7, { key: 'Home' }), movedBy(7, { key: 'End' }), movedBy(7, { key: 'a' })], [0, 100, null]);
  assert.equal(pixelOf(33, 1001), 330);
});

test('a ring becomes a closed polygon against the clock', () => {
  const clockwise = [[116.4, 39.9], [116.4, 39.91], [116.41, 39.91], [116.41, 39.9]];
  const { type, coordinates: [ring] } = polygonOf(clockwise);
  assert.equal(type, 'Polygon');
  assert.deepEqual(ring[0], ring.at(-1));
  assert.deepEqual(ring.slice(0, -1), [...clockwise].reverse());
  assert.deepEqual(ringsOf({ type, coordinates: [ring] })[0], ring.slice(0, -1));
  assert.deepEqual(ringsOf(null), []);
});

test('an outline that cannot be asked for is refused by its fault', () => {
  const ring = (n, size) => Array.from({ length: n }, (_, i) => [
    116.4 + size * Math.cos(2 * Math.PI * i / n), 39.91 + size * Math.sin(2 * Math.PI * i / n)]);
  assert.equal(faultOf(ring(40, 0.01), HOME), null);
  assert.equal(faultOf(ring(2, 0.01), HOME).fault, 'select.too_few');
  assert.equal(faultOf(ring(MOST_VERTICES - 1, 0.01), HOME), null);
  assert.deepEqual(faultOf(ring(MOST_VERTICES, 0.01), HOME).values, { n: 500, most: 499 });
  assert.equal(faultOf(ring(8, 1e-7), HOME).fault, 'select.too_small');
  assert.equal(faultOf(ring(8, 0.5), HOME).fault, 'select.too_large');
  assert.equal(faultOf(ring(8, 0.5), null), null);
  assert.ok(boxArea(HOME) > 22e6 && boxArea(HOME) < 23e6);
});

test('a long line of the hand keeps to the limit of vertices', () => {
  const wild = Array.from({ length: 4000 }, (_, i) => ({ x: i % 2, y: i }));
  const none = (points) => points; // a simplifier that finds nothing to leave out
  assert.ok(thinned(wild, none).length <= MOST_VERTICES - 1);
  const few = wild.slice(0, 20);
  assert.deepEqual(thinned(few, none), few);
});

test('the print sheet gets its choices as parameters and the state behind the "#"', () => {
  const address = printAddress('/print/map', { paper: 'a3', turn: 'portrait', title: '东华门 & <b>' }, 'map=15/39.9/116.4');
  const [path, state] = address.split('#');
  assert.equal(state, 'map=15/39.9/116.4');
  assert.equal(new URLSearchParams(path.split('?')[1]).get('title'), '东华门 & <b>');
  assert.ok(!path.includes('<') && !printAddress('/p', { paper: 'a4', turn: 'landscape', title: '' }, '').includes('title'));
});
