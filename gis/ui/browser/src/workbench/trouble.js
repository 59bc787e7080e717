/** What keeps the page from the server, said once however many questions fail, and taken back when they no longer do. */
import { h, refill } from './dom.js';

export class Trouble {
  constructor(bench) {
    this.bench = bench;
    this.reasons = new Set();
  }

  /** `reason` is 'signed_out', 'poll' or 'tiles'. */
  set(reason, on) {
    if (this.reasons.has(reason) === on) return;
    if (on) this.reasons.add(reason); else this.reasons.delete(reason);
    this._say();
  }

  _say() {
    const { say, layout } = this.bench;
    if (this.reasons.has('signed_out')) {
      refill(layout.trouble, say('error.signed_out'),
        h('a', { href: '/auth/sign-in', target: '_blank', rel: 'noopener' }, say('sign_in')));
    } else refill(layout.trouble, this.reasons.size > 0 && say('error.unreachable'));
  }
}
