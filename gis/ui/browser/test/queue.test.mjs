import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queue } from '../src/queue.js';

/** A queue whose turns a test takes by hand; every look at the clock takes `step` milliseconds. */
function handQueue(step = 0) {
  const turns = [];
  let now = 0;
  const queue = new Queue({ later: (work) => turns.push(work), clock: () => { now += step; return now; } });
  const run = () => { while (turns.length) turns.shift()(); };
  return { queue, turns, run };
}

function* steps(log, name, count) {
  for (let at = 0; at < count; at++) { log.push(name); yield; }
}

test('the job nearest to the middle goes first, and each is finished before the next', () => {
  const { queue, run } = handQueue(20);
  const log = [];
  queue.add('far', { priority: () => 9, run: () => steps(log, 'far', 2) });
  queue.add('near', { priority: () => 1, run: () => steps(log, 'near', 2) });
  run();
  assert.deepEqual(log, ['near', 'near', 'far', 'far']);
});

test('a turn ends when its time is over and the rest waits for the next', () => {
  const { queue, turns } = handQueue(21);
  const log = [];
  queue.add('a', { priority: () => 1, run: () => steps(log, 'a', 5) });
  turns.shift()();
  assert.equal(log.length, 2);
  assert.equal(turns.length, 1);
});

test('a job nobody needs any more is left out and one put in twice is done once', () => {
  const { queue, run } = handQueue();
  const log = [];
  queue.add('gone', { priority: () => null, run: () => steps(log, 'gone', 1) });
  queue.add('b', { priority: () => 1, run: () => steps(log, 'old', 1) });
  queue.add('b', { priority: () => 1, run: () => steps(log, 'new', 1) });
  run();
  assert.deepEqual(log, ['new']);
});

test('work asked for while it is being done is done once more', () => {
  const { queue, run } = handQueue();
  const log = [];
  queue.add('b', { priority: () => 1, run: function* first() {
    log.push('first');
    queue.add('b', { priority: () => 1, run: () => steps(log, 'second', 1) });
  } });
  run();
  assert.deepEqual(log, ['first', 'second']);
});
