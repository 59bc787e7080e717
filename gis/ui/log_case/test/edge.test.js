import assert from 'node:assert/strict';
import { test } from 'node:test';

import { missing, newDraft, partOf } from '../src/draft.js';
import { directionName, mustChoose, pathOf, reachOf } from '../src/edge_view.js';
import { payloadOf } from '../src/queue.js';

const CELLS = [
  { grid_code: '1', outline: [[[-30, -30], [5, -30], [5, 30], [-30, 30], [-30, -30]]] },
  { grid_code: '2', outline: [[[5, -30], [30, -30], [30, 30], [5, 30], [5, -30]]] },
];
const place = (more) => ({ lon: 1, lat: 2, accuracy_m: 10, grid_code: null, located_by: 'gps', candidates: CELLS, ...more });

test('several grids ask; one, an answer, or "I cannot tell" does not', () => {
  assert.ok(mustChoose(place()));
  assert.ok(!mustChoose(place({ candidates: CELLS.slice(1) })));
  assert.ok(!mustChoose(place({ candidates: null })));
  assert.ok(!mustChoose(place({ cell_choice: '2' })));
  assert.ok(!mustChoose(place({ edge_unsure: true })));
});

test('a report near an edge is not complete without an answer, said at the place', () => {
  const draft = newDraft(1);
  Object.assign(draft.fields, { class_code: '0101', description: 'x', place: place() });
  assert.deepEqual(missing(draft).map(([field]) => partOf(field)), ['place']);
  draft.fields.place.cell_choice = '2';
  assert.deepEqual(missing(draft), []);
});

test('the choice travels with the report, and nothing where there was none', () => {
  const report = { submitted_at: 1, photos: [], fields: { place: place({ cell_choice: '2' }) } };
  assert.equal(payloadOf(report).cell_choice, '2');
  report.fields.place.cell_choice = null;
  assert.ok(!('cell_choice' in payloadOf(report)));
});

test('the drawing has north up and the point in the middle', () => {
  assert.equal(reachOf(CELLS), 30);
  assert.equal(pathOf([[[0, 0], [30, 0], [0, 30]]], 30), 'M100.0 100.0L200.0 100.0L100.0 0.0Z');
  assert.equal(directionName(0), 'n');
  assert.equal(directionName(359), 'n');
  assert.equal(directionName(91), 'e');
});
