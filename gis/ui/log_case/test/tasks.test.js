import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KeptWork, directionOf, distanceM, lampOf, sorted, spanOf } from '../src/tasks.js';
import { MemoryStore } from './memory_store.js';

const HERE = { lon: 116.4, lat: 39.9 };
const NOW = new Date(2026, 10, 22, 10, 0).getTime();
const at = (minutes) => new Date(NOW + minutes * 60_000).toISOString();
const task = (number, north, due) => ({ number, lon: 116.4, lat: 39.9 + north / 111_195, due_at: due, photos: [] });

test('distances and directions are those of the ground', () => {
  assert.equal(Math.round(distanceM(HERE, task('a', 500, null))), 500);
  assert.equal(directionOf(HERE, task('a', 500, null)), 'n');
  assert.equal(directionOf(HERE, { lon: 116.39, lat: 39.89 }), 'sw');
  assert.equal(directionOf(HERE, { lon: 116.39, lat: 39.9 }), 'w');
});

test('nearest first, or most urgent first; without a position urgency decides', () => {
  const tasks = [task('a', 300, at(30)), task('b', 100, null), task('c', 200, at(10))];
  const order = (options) => sorted(tasks, options).map((one) => one.number).join('');
  assert.equal(order({ by: 'distance', here: HERE }), 'bca');
  assert.equal(order({ by: 'time', here: HERE }), 'cab');
  assert.equal(order({ by: 'distance', here: null }), 'cab');
});

test('the lamp turns yellow at its share and red after the end', () => {
  const one = { started_at: at(-80), due_at: at(20) };
  assert.equal(lampOf(one, NOW, 0.8), 'green');
  assert.equal(lampOf(one, NOW + 1, 0.8), 'yellow');
  assert.equal(lampOf(one, NOW + 20 * 60_000 + 1, 0.8), 'red');
  assert.equal(lampOf({ due_at: null }, NOW, 0.8), null);
});

test('a span has at most two units', () => {
  assert.deepEqual(spanOf(3 * 3_600_000 + 5 * 60_000), [[3, 'hours'], [5, 'minutes']]);
  assert.deepEqual(spanOf(-(49 * 3_600_000)), [[2, 'days'], [1, 'hours']]);
  assert.deepEqual(spanOf(59_000), []);
});

function device(person = 1) {
  const server = { person, asked: [], body: { person_id: person, tasks: [task('a', 1, null)], cells: [] } };
  const api = {
    tasks: async (tag) => {
      server.asked.push(tag);
      return tag === 'v1' ? { ok: true, same: true } : { ok: true, body: server.body, tag: 'v1' };
    },
    thumb: async (sha) => ({ ok: true, body: { bytes: sha, type: 'image/jpeg' } }),
  };
  const store = new MemoryStore();
  const me = { ok: true, body: { person_id: person, server_time: 1_000 } };
  return { server, api, store, me };
}

test('tasks of today are there without network for the same person only', async () => {
  const { api, store, me } = device();
  await new KeptWork({ store, api, now: () => NOW }).renew(me);
  const later = new KeptWork({ store, api, now: () => NOW + 3_600_000 });
  assert.equal((await later.open({ person_id: 1 })).body.tasks.length, 1);
  assert.equal(await later.open({ person_id: 2 }), null);
  assert.equal(await store.fact('work'), undefined, 'and they are gone for good');
});

test('tasks of yesterday, and those kept before somebody signed out, are removed unseen', async () => {
  const { api, store, me } = device();
  await new KeptWork({ store, api, now: () => NOW }).renew(me);
  assert.equal(await new KeptWork({ store, api, now: () => NOW + 86_400_000 }).open({ person_id: 1 }), null);
  await new KeptWork({ store, api, now: () => NOW }).renew(me);
  assert.equal(await new KeptWork({ store, api, now: () => NOW, leftAt: () => 1_000 }).open({ person_id: 1 }), null);
  assert.equal(await store.fact('work'), undefined);
});

test('a page left open past midnight without network shows nothing of the day before', async () => {
  const { api, store, me } = device();
  let now = NOW;
  const kept = new KeptWork({ store, api, now: () => now });
  await kept.renew(me);
  now += 86_400_000;
  await kept.renew({ away: true });
  assert.deepEqual([kept.kept, await store.fact('work')], [null, undefined]);
});

test('an ended session removes what is kept; no network does not', async () => {
  const { api, store, me } = device();
  const kept = new KeptWork({ store, api, now: () => NOW });
  await kept.renew(me);
  await kept.renew({ away: true });
  assert.ok(kept.kept);
  await kept.renew({ signedOut: true });
  assert.equal(kept.kept, null);
  assert.equal(await store.fact('work'), undefined);
});

test('the second refresh asks with the tag and keeps what it has, pictures of gone tasks excepted', async () => {
  const { server, api, store, me } = device();
  const kept = new KeptWork({ store, api, now: () => NOW });
  await kept.renew(me);
  await kept.thumb('gone');
  await kept.renew(me);
  assert.deepEqual(server.asked, [undefined, 'v1']);
  assert.equal(kept.kept.body.tasks.length, 1);
  assert.deepEqual(kept.kept.thumbs, {});
});
