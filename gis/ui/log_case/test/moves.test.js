import assert from 'node:assert/strict';
import { test } from 'node:test';

import { askedOnTop, missingIn, wordsFor } from '../src/decision.js';
import { saidIn } from '../src/conflict_view.js';
import { earlierOf, meanwhile, moveOf, newDecision } from '../src/moves.js';
import { Link, ReportQueue, State } from '../src/queue.js';
import { MemoryStore } from './memory_store.js';

const ANNA = { person_id: 1, name: 'Anna' };
const BO = { person_id: 2, name: 'Bo' };
const AWAY = { away: true };
const ok = (body) => ({ ok: true, body });
const NUMBER = '110101001-261122-0007';
const TASK = { number: NUMBER, version: 3, state: 'CHECKING', excerpt: 'x', photos: [] };

/** One case that counts its steps: a key makes one step, another version is a conflict. */
class Server {
  constructor() {
    Object.assign(this, { person: ANNA, network: true, version: 3, keys: new Map(), bodies: [], photos: [],
      loseAnswers: 0, trouble: [], history: [], moves: [{ move: 'check_passed', blocked_by_zh: null }] });
  }

  async me() {
    if (!this.network) return AWAY;
    return this.person ? ok(this.person) : { signedOut: true };
  }

  async postPhoto(bytes, type, personId) {
    if (!this.network) return AWAY;
    if (personId !== this.person.person_id) return { signedOut: true };
    this.photos.push(bytes);
    return ok({ sha256: `sha-${bytes}` });
  }

  async postMove(key, number, body, personId) {
    if (!this.network) return AWAY;
    if (this.trouble.length) return this.trouble.shift();
    if (personId !== this.person.person_id) return { signedOut: true };
    if (!this.keys.has(key)) {
      if (body.version !== this.version) {
        return { refused: true, status: 409, error: 'conflict', message: 'changed', faults: [] };
      }
      this.version++;
      this.bodies.push(body);
      this.keys.set(key, this.version);
    }
    if (this.loseAnswers-- > 0) return AWAY;
    return ok({ version: this.version });
  }

  async case() {
    if (!this.network) return AWAY;
    return ok({ version: this.version, state_zh: '待结案', state_en: 'Closing', history: this.history,
      moves: this.moves });
  }
}

function setUp() {
  const [store, server] = [new MemoryStore(), new Server()];
  const clock = { time: 1000, timers: [], now() { return this.time++; },
    after(ms, call) { this.timers.push({ ms, call }); return this.timers.length; },
    stop(handle) { this.timers[handle - 1] = null; } };
  const queue = new ReportQueue({ store, api: server, clock, changed: () => {} });
  queue.setPerson(ANNA);
  return { store, server, clock, queue };
}

async function decision(store, key, more = {}) {
  const made = { ...newDecision(key, TASK, 1, ANNA), ...more };
  await store.savePhoto({ id: `${key}-0`, bytes: `${key}-0`, type: 'image/jpeg' });
  return { ...made, photos: [{ id: `${key}-0`, sha256: null }],
    fields: { move: 'check_passed', words: { text: '干净了', reason: '' } } };
}

const only = async (store) => (await store.reports())[0];

test('a decision goes with its photos first, its version, its key, and the words that were written', async () => {
  const { store, server, queue } = setUp();
  await queue.submit(await decision(store, 'a'));
  assert.equal((await only(store)).state, State.SENT);
  assert.deepEqual(server.photos, ['a-0']);
  assert.deepEqual(server.bodies, [
    { move: 'check_passed', version: 3, fields: { text: '干净了', photo: ['sha-a-0'] } }]);
  assert.equal(store.kept.photos.size, 0);
});

test('a lost answer makes one step', async () => {
  const { store, server, queue } = setUp();
  server.loseAnswers = 1;
  await queue.submit(await decision(store, 'a'));
  assert.equal((await only(store)).state, State.WAITING);
  await queue.flush();
  assert.equal((await only(store)).state, State.SENT);
  assert.equal(server.version, 4);
});

test('a decision on a case that changed is kept with both sides and not sent again by itself', async () => {
  const { store, server, clock, queue } = setUp();
  server.version = 5;
  server.history = [{ data: {}, move_zh: '上报' }, { data: { version: 3 }, move_zh: '发核查' },
    { data: { version: 5 }, move_zh: '督办', move_en: 'Supervise', actor: 'Cy', at: '2026-11-22T10:00:00Z', note: '快' }];
  await queue.submit(await decision(store, 'a'));
  const item = await only(store);
  assert.equal(item.state, State.CONFLICT);
  assert.deepEqual(item.meanwhile.steps.map((step) => [step.move_zh, step.actor, step.note]), [['督办', 'Cy', '快']]);
  assert.deepEqual([item.meanwhile.allowed, item.meanwhile.version], [true, 5]);
  assert.equal(clock.timers.filter(Boolean).length, 0);
  await queue.flush();
  assert.equal(server.bodies.length, 0);
});

test('sent anyway it goes on the version that was shown, once', async () => {
  const { store, server, queue } = setUp();
  server.version = 5;
  await queue.submit(await decision(store, 'a'));
  await queue.sendAnyway(await only(store));
  assert.deepEqual(server.bodies.map((body) => body.version), [5]);
  assert.equal((await only(store)).state, State.SENT);
});

test('a third change while both sides were looked at is a conflict again', async () => {
  const { store, server, queue } = setUp();
  server.version = 5;
  await queue.submit(await decision(store, 'a'));
  server.version = 6;
  await queue.sendAnyway(await only(store));
  const item = await only(store);
  assert.deepEqual([item.state, item.meanwhile.version], [State.CONFLICT, 6]);
});

test('a move that is not possible any more is said so', () => {
  const found = { version: 4, history: [], state_zh: 'x', state_en: 'x', moves: [{ move: 'reopen' }] };
  assert.equal(meanwhile({ version: 3, fields: { move: 'check_passed' } }, found).allowed, false);
});

test('a rule that says no keeps the decision with its reason; a lock of a moment does not', async () => {
  const { store, server, queue } = setUp();
  server.trouble = [{ refused: true, status: 409, error: 'conflict', message: 'held', faults: [] },
    { refused: true, status: 409, error: 'refused', message: 'not on duty', faults: [] }];
  await queue.submit(await decision(store, 'a'));
  assert.equal((await only(store)).state, State.WAITING);
  await queue.flush();
  assert.deepEqual([(await only(store)).state, (await only(store)).message], [State.REFUSED, 'not on duty']);
});

test('a later decision on the same case waits for the earlier one, whatever keeps it', async () => {
  const { store, server, clock, queue } = setUp();
  server.trouble = [{ refused: true, status: 422, error: 'invalid', message: 'no', faults: [] }];
  await queue.submit(await decision(store, 'a'));
  await queue.submit(await decision(store, 'b'));
  assert.equal(server.bodies.length, 0);
  assert.equal(clock.timers.filter(Boolean).length, 0, 'nothing can be sent by itself');
  const [first, second] = await store.reports();
  assert.equal(earlierOf(second, [first, second]).key, 'a');
  await queue.submit(first);
  assert.equal((await store.reports())[0].state, State.SENT);
});

test('a decision made on top of another takes the version that the first one made', async () => {
  const { store, server, queue } = setUp();
  server.network = false;
  await queue.submit(await decision(store, 'a'));
  await queue.submit(await decision(store, 'b', { follows: 'a' }));
  server.network = true;
  await queue.flush();
  assert.deepEqual(server.bodies.map((body) => body.version), [3, 4]);
});

test('a decision is never sent under another name, not even one that nobody signed', async () => {
  const { store, server, queue } = setUp();
  server.network = false;
  await queue.submit(await decision(store, 'a'));
  await store.saveReport({ ...await decision(store, 'b'), state: State.WAITING, person_id: null, submitted_at: 1 });
  Object.assign(server, { network: true, person: BO });
  await queue.flush();
  assert.deepEqual([server.bodies.length, server.photos.length], [0, 0]);
});

test('somebody who signs in between photo and decision stops the queue', async () => {
  const { store, server, queue } = setUp();
  const post = server.postPhoto.bind(server);
  server.postPhoto = async (...given) => { const answer = await post(...given); server.person = BO; return answer; };
  await queue.submit(await decision(store, 'a'));
  assert.equal(queue.link, Link.SIGNED_OUT);
  assert.deepEqual([(await only(store)).state, server.bodies.length], [State.WAITING, 0]);
});

const FIELD = (name, required, kind = 'text') => ({ name, required, kind, label_zh: name, label_en: name });
const MOVES = [{ move: 'passed', good: true, fields: [FIELD('photo', true, 'photos'), FIELD('text', false)] },
  { move: 'failed', good: false, fields: [FIELD('photo', true, 'photos'), FIELD('reason', true)] }];

test('a decision needs its photo, its finding and the words of the finding', () => {
  const draft = newDecision('a', TASK, 1, ANNA);
  assert.deepEqual(missingIn(draft, MOVES).map(([part]) => part), ['photo', 'finding']);
  draft.photos.push({ id: 'x' });
  draft.fields.move = 'failed';
  draft.fields.words.reason = '  ';
  assert.deepEqual(missingIn(draft, MOVES).map(([part]) => part), ['saying']);
  draft.fields.move = 'passed';
  assert.deepEqual(missingIn(draft, MOVES), []);
});

test('what was typed for another finding does not go along; what a refusal asked for does', () => {
  const draft = newDecision('a', TASK, 1, ANNA);
  draft.faults = [{ field: 'reason_evidence', message: 'Why is the photo older?' }, { field: 'photo', message: 'x' }];
  const asked = askedOnTop(draft, MOVES[0]);
  assert.deepEqual(asked.map((field) => field.name), ['reason_evidence']);
  const words = { reason: 'dirty', text: 'clean', reason_evidence: 'clock' };
  assert.deepEqual(wordsFor(MOVES[0], words, asked), { text: 'clean', reason_evidence: 'clock' });
  assert.deepEqual(moveOf({ version: 1, photos: [], fields: { move: 'passed', words: {} } }).fields, {});
});

test('a reason from the list is shown by its name', () => {
  const field = { name: 'reason_code', kind: 'choice', choices: [{ value: 'gone', name_zh: '已不在', name_en: 'Gone' }] };
  const item = { moves: [{ move: 'false', fields: [field] }],
    fields: { move: 'false', words: { reason_code: 'gone', reason: 'swept', sure: true } } };
  assert.deepEqual(saidIn(item, 'en'), ['Gone', 'swept']);
});
