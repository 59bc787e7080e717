/**
 * Work of many tiles in slices, so that the page stays alive while a city is drawn: one job at a time, the
 * nearest to the middle of the view first, a few milliseconds a turn.
 *
 * A job is { priority(), run() }: `priority` gives a number (lowest first) or null when nobody needs the job
 * any more; `run` returns a generator, which is taken to its end before the next job starts.
 */
const TURN_MS = 40;

/** Between two turns the browser may paint and answer the pointer. */
function afterFrame(work) {
  if (globalThis.scheduler?.postTask) globalThis.scheduler.postTask(work, { priority: 'user-visible' });
  else setTimeout(work, 0);
}

export class Queue {
  constructor({ later = afterFrame, clock = () => performance.now() } = {}) {
    this.jobs = new Map();
    this.running = null;
    this._later = later;
    this._clock = clock;
    this._asked = false;
  }

  /** Put a job in; one with the same key that has not begun is replaced. */
  add(key, job) {
    this.jobs.set(key, job);
    this._ask();
  }

  has(key) {
    return this.jobs.has(key) || this.running?.key === key;
  }

  drop(key) {
    this.jobs.delete(key);
    if (this.running?.key === key) this.running = null;
  }

  _ask() {
    if (this._asked) return;
    this._asked = true;
    this._later(() => { this._asked = false; this._turn(); });
  }

  _next() {
    let [best, least] = [null, Infinity];
    for (const [key, job] of this.jobs) {
      const priority = job.priority();
      if (priority === null) this.jobs.delete(key);
      else if (priority < least) [best, least] = [key, priority];
    }
    if (best === null) return null;
    const job = this.jobs.get(best);
    this.jobs.delete(best);
    return { key: best, steps: job.run() };
  }

  _turn() {
    const end = this._clock() + TURN_MS;
    do {
      this.running ??= this._next();
      if (!this.running) return;
      const now = this.running;
      if (now.steps.next().done && this.running === now) this.running = null;
    } while (this._clock() < end);
    if (this.running || this.jobs.size) this._ask();
  }
}

const queues = new WeakMap();

/** The one queue of a map: its layers share the browser's one thread. */
export function queueOf(map) {
  if (!queues.has(map)) queues.set(map, new Queue());
  return queues.get(map);
}
