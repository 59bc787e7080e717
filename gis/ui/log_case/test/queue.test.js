import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Link, ReportQueue, SENT_KEPT, State, pauseBefore } from '../src/queue.js';
import { MemoryStore } from './memory_store.js';

const ANNA = { person_id: 1, name: 'Anna' };
const AWAY = { away: true };
const ok = (body) => ({ ok: true, body });
const refused = (message, faults = []) => ({ refused: true, status: 422, message, faults });

/** A server that gives one number per key, and the faults a test asks for before that. */
class Server {
  constructor() {
    this.cases = new Map();
    this.photos = [];
    this.posts = 0;
    this.person = ANNA;
    this.trouble = []; // answers given first, one per POST /api/cases
    this.photoTrouble = [];
    this.network = true;
    this.loseAnswers = 0;
  }

  async me() {
    if (!this.network) return AWAY;
    return this.person ? ok(this.person) : { signedOut: true };
  }

  async cell(code) {
    if (!this.network) return AWAY;
    return code === '110101001001002' ? ok({ lon: 116.41, lat: 39.91 }) : refused(`no cell ${code}`);
  }

  async postPhoto(bytes) {
    if (!this.network) return AWAY;
    if (this.photoTrouble.length) return this.photoTrouble.shift();
    this.photos.push(bytes);
    return ok({ sha256: `sha-${bytes}` });
  }

  async postCase(key, payload) {
    this.posts++;
    if (!this.network) return AWAY;
    if (this.trouble.length) return this.trouble.shift();
    if (!this.cases.has(key)) this.cases.set(key, { number: `N-${this.cases.size + 1}`, payload });
    if (this.loseAnswers-- > 0) return AWAY;
    return ok({ number: this.cases.get(key).number, grid_code: '110101001001001' });
  }
}

function setUp() {
  const store = new MemoryStore();
  const server = new Server();
  const clock = { time: 1000, timers: [], now() { return this.time++; },
    after(ms, call) { this.timers.push({ ms, call }); return this.timers.length; },
    stop(handle) { this.timers[handle - 1] = null; } };
  let changes = 0;
  const queue = new ReportQueue({ store, api: server, clock, changed: () => { changes++; } });
  queue.setPerson(ANNA);
  return { store, server, clock, queue, changes: () => changes };
}

async function draft(store, key, photos = 0) {
  const ids = Array.from({ length: photos }, (_, n) => ({ id: `${key}-${n}`, sha256: null }));
  for (const { id } of ids) await store.savePhoto({ id, bytes: id, type: 'image/jpeg' });
  return {
    key, state: State.DRAFT, photos: ids,
    fields: { kind: 'event', class_code: '0101', description: key,
      place: { lon: 116.4, lat: 39.9, accuracy_m: 8, grid_code: null, located_by: 'gps' } },
  };
}

const statesOf = async (store) => (await store.reports()).map((report) => report.state);

test('a report with photos is sent once and its photos leave the device', async () => {
  const { store, server, queue } = setUp();
  await queue.submit(await draft(store, 'a', 2));
  const [report] = await store.reports();
  assert.equal(report.state, State.SENT);
  assert.equal(report.number, 'N-1');
  assert.deepEqual(server.cases.get('a').payload.photos, ['sha-a-0', 'sha-a-1']);
  assert.equal(server.cases.get('a').payload.located_by, 'gps');
  assert.equal(store.kept.photos.size, 0);
});

test('without network three reports wait, and later become three cases in the order they were written', async () => {
  const { store, server, clock, queue } = setUp();
  server.network = false;
  for (const key of ['a', 'b', 'c']) await queue.submit(await draft(store, key, 1));
  assert.deepEqual(await statesOf(store), ['waiting', 'waiting', 'waiting']);
  assert.equal(queue.link, Link.AWAY);
  assert.ok(clock.timers.some(Boolean), 'another attempt is planned');
  server.network = true;
  await queue.flush();
  assert.deepEqual([...server.cases.keys()], ['a', 'b', 'c']);
  assert.deepEqual(await statesOf(store), ['sent', 'sent', 'sent']);
});

test('a lost answer makes the report go again under the same key: one case', async () => {
  const { store, server, queue } = setUp();
  server.loseAnswers = 1;
  await queue.submit(await draft(store, 'a'));
  assert.deepEqual(await statesOf(store), ['waiting']);
  await queue.flush();
  assert.equal(server.posts, 2);
  assert.equal(server.cases.size, 1);
  assert.deepEqual(await statesOf(store), ['sent']);
});

test('a photo that arrived is not sent again after a break', async () => {
  const { store, server, queue } = setUp();
  server.photoTrouble = [ok({ sha256: 'sha-first' }), AWAY];
  await queue.submit(await draft(store, 'a', 2));
  assert.deepEqual(await statesOf(store), ['waiting']);
  await queue.flush();
  assert.deepEqual(server.photos, ['a-1']);
  assert.deepEqual(server.cases.get('a').payload.photos, ['sha-first', 'sha-a-1']);
});

test('a refused report is kept with its reason and photos and does not hold up the next', async () => {
  const { store, server, queue } = setUp();
  server.network = false;
  await queue.submit(await draft(store, 'a', 1));
  await queue.submit(await draft(store, 'b'));
  server.network = true;
  server.trouble = [refused('outside', [{ field: 'point', message: 'outside' }])];
  await queue.flush();
  const [first, second] = await store.reports();
  assert.equal(first.state, State.REFUSED);
  assert.equal(first.message, 'outside');
  assert.equal(first.faults[0].field, 'point');
  assert.ok(await store.photo('a-0'));
  assert.equal(second.state, State.SENT);
});

test('a refused report is not sent again until somebody has edited it', async () => {
  const { store, server, queue } = setUp();
  server.trouble = [refused('outside')];
  await queue.submit(await draft(store, 'a'));
  await queue.flush();
  assert.equal(server.posts, 1);
  const [report] = await store.reports();
  await queue.submit({ ...report, fields: { ...report.fields, description: 'better' } });
  assert.deepEqual(await statesOf(store), ['sent']);
  assert.equal(server.cases.get('a').payload.description, 'better');
});

test('a refused photo refuses the report and keeps it', async () => {
  const { store, server, queue } = setUp();
  server.photoTrouble = [refused('81 megapixels')];
  await queue.submit(await draft(store, 'a', 1));
  const [report] = await store.reports();
  assert.equal(report.state, State.REFUSED);
  assert.equal(report.message, '81 megapixels');
  assert.equal(server.posts, 0);
});

const placedBy = (report, code) => {
  report.fields.place = { lon: null, lat: null, accuracy_m: null, grid_code: code, located_by: 'grid_code' };
  return report;
};

test('a typed grid code becomes the middle of that cell', async () => {
  const { store, server, queue } = setUp();
  await queue.submit(placedBy(await draft(store, 'a'), '110101001001002'));
  const { payload } = server.cases.get('a');
  assert.deepEqual([payload.lon, payload.lat, payload.located_by], [116.41, 39.91, 'grid_code']);
});

test('an unknown grid code needs an eye, at the place', async () => {
  const { store, server, queue } = setUp();
  await queue.submit(placedBy(await draft(store, 'a'), '999999999999999'));
  const [report] = await store.reports();
  assert.equal(report.state, State.REFUSED);
  assert.equal(report.faults[0].field, 'grid_code');
  assert.equal(server.posts, 0);
});

test('an ended session keeps the report, says so, and does not try by itself', async () => {
  const { store, server, clock, queue } = setUp();
  server.person = null;
  await queue.submit(await draft(store, 'a'));
  assert.equal(queue.link, Link.SIGNED_OUT);
  assert.deepEqual(await statesOf(store), ['waiting']);
  assert.equal(clock.timers.filter(Boolean).length, 0);
  server.person = ANNA;
  await queue.flush();
  assert.deepEqual(await statesOf(store), ['sent']);
});

test('a report is never filed under the name of somebody else', async () => {
  const { store, server, queue } = setUp();
  server.network = false;
  await queue.submit(await draft(store, 'a'));
  server.network = true;
  server.person = { person_id: 2, name: 'Bo' };
  await queue.flush();
  assert.deepEqual(await statesOf(store), ['waiting']);
  assert.equal(server.cases.size, 0);
  server.person = ANNA;
  await queue.flush();
  assert.deepEqual(await statesOf(store), ['sent']);
});

test('a report written before anybody was known is filed by whoever signs in', async () => {
  const { store, server, queue } = setUp();
  queue.setPerson(null);
  server.network = false;
  await queue.submit(await draft(store, 'a'));
  server.network = true;
  await queue.flush();
  assert.deepEqual(await statesOf(store), ['sent']);
});

test('a stopped queue plans nothing more', async () => {
  const { store, server, clock, queue } = setUp();
  server.network = false;
  queue.stop();
  await queue.submit(await draft(store, 'a'));
  assert.equal(clock.timers.filter(Boolean).length, 0);
});

test('calls during a run do not send a report twice, and one written meanwhile goes too', async () => {
  const { store, server, queue } = setUp();
  const first = queue.submit(await draft(store, 'a'));
  const second = queue.submit(await draft(store, 'b'));
  await Promise.all([first, second, queue.flush(), queue.flush()]);
  assert.equal(server.posts, 2);
  assert.deepEqual(await statesOf(store), ['sent', 'sent']);
});

test('a window that finds another one sending leaves the work to it and looks again later', async () => {
  const { store, server, clock, queue } = setUp();
  queue.alone = async () => undefined;
  await queue.submit(await draft(store, 'a'));
  assert.equal(server.posts, 0);
  assert.equal(clock.timers.filter(Boolean).length, 1);
});

test('pauses grow to a minute and are spread', () => {
  assert.equal(pauseBefore(0, () => 0.5), 2);
  assert.equal(pauseBefore(3, () => 0.5), 30);
  assert.equal(Math.round(pauseBefore(99, () => 1)), 72);
  assert.ok(pauseBefore(1, () => 0) < pauseBefore(1, () => 1));
});

test('only the newest sent reports stay on the device', async () => {
  const { store, queue } = setUp();
  for (let n = 0; n < SENT_KEPT + 3; n++) await queue.submit(await draft(store, `k${n}`));
  const keys = (await store.reports()).map((report) => report.key);
  assert.equal(keys.length, SENT_KEPT);
  assert.ok(!keys.includes('k0') && keys.includes(`k${SENT_KEPT + 2}`));
});

test('every change is told', async () => {
  const { store, queue, changes } = setUp();
  await queue.submit(await draft(store, 'a'));
  assert.ok(changes() >= 3);
});
