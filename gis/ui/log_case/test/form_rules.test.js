import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClassList, fromServer, search } from '../src/classes.js';
import { gridCodeOf, isEmpty, isForeign, missing, newDraft, partOf } from '../src/draft.js';
import { QuestionList, faultsOf, fitting, numberOf, questionsOf } from '../src/questions.js';
import { payloadOf } from '../src/queue.js';
import { MemoryStore } from './memory_store.js';

const ROWS = [
  { kind: 'event', code: '0101', name_zh: '私搭乱建', name_en: 'Unauthorised building', class_zh: '市容环境', class_en: 'Appearance' },
  { kind: 'event', code: '0102', name_zh: '暴露垃圾', name_en: 'Exposed refuse', class_zh: '市容环境', class_en: 'Appearance' },
  { kind: 'event', code: '0201', name_zh: '无照游商', name_en: 'Refuse of a vendor', class_zh: '街面秩序', class_en: 'Street order' },
  { kind: 'component', code: '0101', name_zh: '上水井盖', name_en: 'Manhole cover', class_zh: '公用设施', class_en: 'Utilities' },
];
const CLASSES = ROWS.map(fromServer);
const codes = (items) => items.map((item) => item.code);

test('classes are found by code, by Chinese, by English, by group, and only of their kind', () => {
  assert.deepEqual(codes(search(CLASSES, 'event', '0102')), ['0102']);
  assert.deepEqual(codes(search(CLASSES, 'event', '垃圾')), ['0102']);
  assert.deepEqual(codes(search(CLASSES, 'event', '市容')), ['0101', '0102']);
  assert.deepEqual(codes(search(CLASSES, 'event', 'EXPOSED ref')), ['0102']);
  assert.deepEqual(codes(search(CLASSES, 'component', '垃圾')), []);
});

test('what begins with the text comes first', () => {
  assert.deepEqual(codes(search(CLASSES, 'event', 'refuse')), ['0201', '0102']);
});

test('the list of the device is there without network, and what was used last comes first', async () => {
  const store = new MemoryStore();
  const near = new ClassList({ store, api: { classes: async () => ({ ok: true, body: { classes: ROWS } }) } });
  await near.load(() => {});
  await near.use({ kind: 'event', code: '0201' });
  const far = new ClassList({ store, api: { classes: async () => ({ away: true }) } });
  await far.load(() => {});
  assert.deepEqual(codes(far.find('event', '')), ['0201', '0101', '0102']);
  assert.deepEqual(codes(far.find('component', '')), ['0101']);
});

test('a new report has a key of its own and needs place, class and words', () => {
  const draft = newDraft(1);
  assert.match(draft.key, /^[0-9a-f]{32}$/);
  assert.notEqual(draft.key, newDraft(1).key);
  assert.ok(isEmpty(draft));
  assert.deepEqual(missing(draft).map(([field]) => field), ['point', 'class_code', 'text']);
  draft.fields.description = '   ';
  assert.ok(!isEmpty(draft));
  assert.equal(missing(draft).length, 3);
});

test('a position found by the phone alone makes no draft; a place somebody set does', () => {
  const draft = newDraft(1);
  Object.assign(draft.fields.place, { lon: 116.4, lat: 39.9, located_by: 'gps' });
  assert.ok(isEmpty(draft));
  draft.fields.place.located_by = 'map';
  assert.ok(!isEmpty(draft));
});

test('a draft belongs to whoever began it, and to anybody while nobody was known', () => {
  const [anna, bo] = [{ person_id: 1, name: 'Anna' }, { person_id: 2, name: 'Bo' }];
  assert.ok(isForeign(newDraft(1, anna), bo));
  assert.ok(!isForeign(newDraft(1, anna), anna));
  assert.ok(!isForeign(newDraft(1), bo));
  assert.ok(!isForeign(newDraft(1, anna), null));
});

test('a grid code is fifteen digits, however they are spaced', () => {
  assert.equal(gridCodeOf('110101 001 001 002'), '110101001001002');
  for (const typed of ['', '1101010010010', '11010100100100a', '1101010010010021']) {
    assert.equal(gridCodeOf(typed), null);
  }
});

test('a fault of the server is said at the question it belongs to', () => {
  assert.deepEqual(['photo', 'point', 'class_code', 'description', 'grid_code', 'key'].map(partOf),
    ['photo', 'place', 'kind', 'text', 'place', '']);
});

const ASKED = [
  { id: 'hole', kind: 'component', classes: ['0101'], answer: 'yes_no', needed: true },
  { id: 'lamps', kind: 'component', classes: ['0137'], answer: 'number', needed: false },
  { id: 'plate', kind: 'component', classes: ['01'], answer: 'text', needed: false },
];
const wrong = (answers, asked) => faultsOf(answers, asked).map(([question, name]) => `${question.id} ${name}`);

test('a class asks its own questions only, and without a class nothing is asked', () => {
  const ids = (kind, code) => questionsOf(ASKED, kind, code).map(({ id }) => id);
  assert.deepEqual(ids('component', '0101'), ['hole', 'plate']);
  assert.deepEqual(ids('component', '0137'), ['lamps', 'plate']);
  assert.deepEqual(ids('event', '0101'), []);
  assert.deepEqual(ids('component', null), []);
});

test('a needed answer is missed, “no” is an answer, and a wrong number is said', () => {
  assert.deepEqual(wrong({}, ASKED), ['hole answer_needed']);
  assert.deepEqual(wrong({ hole: false, lamps: numberOf('2.5') }, ASKED), []);
  for (const typed of ['many', '-1', '1e9']) {
    assert.deepEqual(wrong({ hole: true, lamps: numberOf(typed) }, ASKED), ['lamps answer_number']);
  }
  assert.equal(numberOf(' 0 '), 0);
  assert.equal(numberOf('many'), 'many');
  assert.deepEqual(wrong({ hole: true, plate: 'x'.repeat(201) }, ASKED), ['plate answer_long']);
});

test('answers to another class stay behind, and only given ones travel', () => {
  const draft = newDraft(1);
  draft.submitted_at = 1;
  assert.ok(!('answers' in payloadOf(draft)));
  draft.fields.answers = fitting({ hole: false, lamps: 3, plate: '' }, questionsOf(ASKED, 'component', '0101'));
  assert.deepEqual(payloadOf(draft).answers, { hole: false });
  delete draft.fields.answers; // written by an earlier version of this page
  assert.ok(!('answers' in payloadOf(draft)));
});

test('the questions of the device are there without network', async () => {
  const store = new MemoryStore();
  const body = { questions: ASKED };
  await new QuestionList({ store, api: { questions: async () => ({ ok: true, body }) } }).load(() => {});
  const far = new QuestionList({ store, api: { questions: async () => ({ away: true }) } });
  await far.load(() => {});
  assert.deepEqual(far.of({ kind: 'component', class_code: '0137' }).map(({ id }) => id), ['lamps', 'plate']);
});
