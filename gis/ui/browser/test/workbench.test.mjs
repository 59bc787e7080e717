import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitAfter } from '../src/workbench/changes.js';
import { classesOf, countText } from '../src/workbench/legend.js';
import { formatAt, formatLayers, formatState, formatView, parseAt, parseLayers, parseState, parseView, partsOfQuery }
  from '../src/workbench/link.js';
import { othersOf } from '../src/workbench/panel.js';
import { isStep, placedAbove, reordered, stepped } from '../src/workbench/pile.js';
import { moment } from '../src/workbench/profile.js';
import { nextOption, splitMatch } from '../src/workbench/search.js';
import { defineNumber, defineSay } from '../src/workbench/words.js';

test('a state written into the address is read back, its own parts first', () => {
  const parts = new Map([['day', '2026-11-01'], ['swipe', 'cases:2026-11-01|cases:2026-10-01|50'],
    ['at', 'grids.grid.110101001001001'], ['layers', 'grids,cases*0.6'], ['map', '15/39.92810/116.41640']]);
  const text = formatState(parts);
  assert.equal(text, 'map=15/39.92810/116.41640&layers=grids,cases*0.6&at=grids.grid.110101001001001'
    + '&day=2026-11-01&swipe=cases:2026-11-01|cases:2026-10-01|50');
  assert.deepEqual(new Map([...parseState(`#${text}`)].sort()), new Map([...parts].sort()));
});

test('what stands in a part cannot end it or begin another', () => {
  const parts = new Map([['note', 'a&layers=all#=<b>%']]);
  assert.deepEqual(parseState(formatState(parts)), parts);
});

test('a hostile or foreign address gives no parts', () => {
  for (const hash of ['', '#', '#results', '#=1', '#%zz=1', '#a b=1', '#<img>=1', '#map=%E0%A4%A', null]) {
    assert.equal(parseState(hash).size, 0, hash);
  }
  assert.equal(parseState(`#map=${'9'.repeat(5000)}`).get('map').length < 2000, true);
  assert.equal(parseState('#layers=a&layers=b').get('layers'), 'a');
});

test('a view is read only when it lies on the earth', () => {
  assert.deepEqual(parseView('15/39.92810/116.41640'), { zoom: 15, lat: 39.9281, lng: 116.4164 });
  assert.equal(formatView({ zoom: 15, lat: 39.9281, lng: 116.4164 }), '15/39.92810/116.41640');
  for (const text of ['99/0/0', '1/91/0', '1/0/181', '15/39.9', '15/39.9/116.4/1', '1e9/0/0', '', null]) {
    assert.equal(parseView(text), null, text);
  }
});

test('layers keep their order and strength, and each stands once', () => {
  const shown = [{ id: 'grids', opacity: 1 }, { id: 'cases', opacity: 0.6 }];
  assert.equal(formatLayers(shown), 'grids,cases*0.6');
  assert.deepEqual(parseLayers('grids,cases*0.6'), shown);
  assert.deepEqual(parseLayers('grids,grids,<script>,roads*7,roads2*x').map(({ id, opacity }) => [id, opacity]),
    [['grids', 1], ['roads', 1], ['roads2', 1]]);
  assert.deepEqual(parseLayers(''), []);
  assert.equal(parseLayers(null), null);
});

test('a feature of a link has a layer, a source and a whole number that a browser can hold', () => {
  const at = { layer: 'grids', source: 'grid', id: 110101001001001 };
  assert.deepEqual(parseAt(formatAt(at)), at);
  for (const text of ['grids.grid', 'grids.grid.x', 'a.b.9999999999999999', 'A.b.1', '', null]) assert.equal(parseAt(text), null, text);
});

test('links of other pages say layers and feature as parameters', () => {
  assert.deepEqual([...partsOfQuery('?layers=grids.cases&at=cases.case.7&x=1')],
    [['layers', 'grids,cases'], ['at', 'cases.case.7']]);
  assert.deepEqual([...partsOfQuery('?layers=')], [['layers', '']]);
  assert.equal(partsOfQuery('').size, 0);
});

test('layers of a link take their places among themselves; the others stay', () => {
  const order = ['a', 'b', 'c', 'd'];
  assert.deepEqual(reordered(order, ['d', 'a']), ['d', 'b', 'c', 'a']);
  assert.deepEqual(reordered(order, ['nobody', 'c', 'b']), ['a', 'c', 'b', 'd']);
  assert.deepEqual(reordered(order, []), order);
  assert.deepEqual(placedAbove(order, 'a', 'c'), ['b', 'c', 'a', 'd']);
  assert.deepEqual(placedAbove(order, 'd', null), ['d', 'a', 'b', 'c']);
});

test('a step passes the next shown layer, hidden ones do not count, and the ends hold', () => {
  const order = ['a', 'hidden', 'b', 'c'];
  const shown = new Set(['a', 'b', 'c']);
  assert.deepEqual(stepped(order, shown, 'a', 1), ['hidden', 'b', 'a', 'c']);
  assert.deepEqual(stepped(order, shown, 'c', 1), order);
  assert.deepEqual(stepped(order, shown, 'a', -1), order);
  const down = stepped(order, shown, 'c', -1);
  assert.ok(down.indexOf('c') < down.indexOf('b'));
});

test('counts are written in the language, with a plus where counting stopped and a dash where it failed', () => {
  const number = defineNumber('en');
  assert.equal(countText(1234, false, number), '1,234');
  assert.equal(countText(10000, true, number), '10,000+');
  assert.equal(countText(null, true, number), '–');
  assert.equal(countText(0, false, number), '0');
});

test('a value at a stop counts in the class above it', () => {
  const classes = classesOf({ 1: 5, 2: 10, 3: 19, 4: 20, 5: null }, [10, 20], ['a', 'b', 'c']);
  assert.deepEqual(classes.map(({ low, high, count }) => [low, high, count]), [[5, 10, 1], [10, 20, 2], [20, 20, 1]]);
  assert.deepEqual(classesOf({}, [10], ['a', 'b']), []);
  assert.deepEqual(classesOf(null, [10], ['a', 'b']), []);
});

test('a suggestion shows where it fits, whatever the text holds', () => {
  assert.deepEqual(splitMatch('Donghuamen Street', 'hua'), ['Dong', 'hua', 'men Street']);
  assert.deepEqual(splitMatch('a.*b', '.*'), ['a', '.*', 'b']);
  assert.deepEqual(splitMatch('x', 'y'), ['x', '', '']);
  assert.deepEqual(splitMatch('x', undefined), ['x', '', '']);
});

test('arrows go round through the text itself', () => {
  assert.equal(nextOption(-1, 1, 3), 0);
  assert.equal(nextOption(2, 1, 3), -1);
  assert.equal(nextOption(-1, -1, 3), 2);
  assert.equal(nextOption(0, -1, 3), -1);
});

test('a server that is away is asked less and less often, at most every quarter of a minute', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 50].map(waitAfter), [2000, 2000, 4000, 8000, 15000, 15000]);
});

test('what is shown is not offered again under the same click', () => {
  const hits = [{ layer: 'cases', source: 'case', id: 1, rank: 0 }, { layer: 'grids', source: 'grid', id: 2, rank: 2 }];
  assert.deepEqual(othersOf(hits, hits[0]), [{ layer: 'grids', source: 'grid', id: 2 }]);
  assert.equal(othersOf(hits, null).length, 2);
});

test('a sentence takes its values as they are, and an unknown key shows itself', () => {
  const say = defineSay({ a: 'from {zoom} to {zoom}, {other}' });
  assert.equal(say('a', { zoom: '<b>$&' }), 'from <b>$& to <b>$&, {other}');
  assert.equal(say('nobody'), 'nobody');
});

test('a moment is told in the time of the district; a text stays', () => {
  const config = { locale: 'en-GB', zone: 'Asia/Shanghai' };
  assert.equal(moment('2026-11-22T10:30:00Z', config), '22/11, 18:30');
  assert.equal(moment('11-22 18:00', config), '11-22 18:00');
  assert.equal(moment(null, config), '');
});

test('only steps of cases lie between two tags of the same rows and scope', () => {
  assert.equal(isStep('7-120-3.110101', '7-121-3.110101'), true);
  assert.equal(isStep('7-120-3.110101', '8-121-3.110101'), false);
  assert.equal(isStep('7-120-3.110101', '7-121-3.all'), false);
  for (const [before, now] of [[undefined, '7-1.a'], ['7.a', '8.a'], ['', '']]) assert.equal(isStep(before, now), false);
});
