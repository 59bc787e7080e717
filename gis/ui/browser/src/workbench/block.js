/**
 * A part of the sheet that waits for the server: nothing at first, a skeleton when it takes longer than 300 ms, then
 * what was asked for, or a sentence and a button that asks again.
 */
import { h, refill } from './dom.js';

const CALM_MS = 300;

export class Block {
  constructor(bench, name) {
    this.bench = bench;
    this.element = h('section', { class: `wb-block wb-${name}`, 'aria-busy': 'false' });
  }

  clear() {
    this._abort?.abort();
    clearTimeout(this._timer);
    this.element.setAttribute('aria-busy', 'false');
    refill(this.element);
  }

  /** Ask a route and draw its answer; an older question of this block is taken back. Answers the answer, or null. */
  async load(path, params, draw) {
    this._abort?.abort();
    const abort = this._abort = new AbortController();
    this.element.setAttribute('aria-busy', 'true');
    clearTimeout(this._timer);
    this._timer = setTimeout(() => refill(this.element, skeleton()), CALM_MS);
    try {
      const answer = await this.bench.ask(path, { params, signal: abort.signal });
      if (abort.signal.aborted) return null;
      this._done(draw(answer));
      return answer;
    } catch (error) {
      if (error.name === 'AbortError' || abort.signal.aborted) return null;
      this._done(this._sorry(error, () => this.load(path, params, draw)));
      return null;
    }
  }

  _done(...children) {
    clearTimeout(this._timer);
    this.element.setAttribute('aria-busy', 'false');
    refill(this.element, children);
  }

  _sorry(error, again) {
    const { say } = this.bench;
    const lasting = error.status >= 400 && error.status < 500;
    return h('div', { class: 'wb-sorry', role: 'alert' }, h('p', {}, error.message),
      error.status === 401 ? h('a', { href: '/auth/sign-in', target: '_blank', rel: 'noopener' }, say('sign_in'))
        : !lasting && h('button', { type: 'button', class: 'wb-button', on: { click: again } }, say('again')));
  }
}

function skeleton() {
  return h('div', { class: 'wb-skeleton', 'aria-hidden': 'true' }, [55, 90, 75, 82, 60].map((width) =>
    h('i', { style: { width: `${width}%` } })));
}
