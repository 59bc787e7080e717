/** What happened to the reports and decisions of this device: one sentence on top, one row for each. */

import { conflictOf, moveName } from './conflict_view.js';
import { el, replace } from './dom.js';
import { isForeign } from './draft.js';
import { earlierOf, isMove } from './moves.js';
import { Link, State } from './queue.js';

const ORDER = [State.CONFLICT, State.REFUSED, State.DRAFT, State.WAITING, State.SENT];
const SENT_SHOWN = 5;

export class OutboxView {
  /**
   * `actions`: edit(report), discard(report), sendAnyway(decision), flush().
   * `describe(report)` names its class and place.
   */
  constructor({ words, locale, actions, describe }) {
    Object.assign(this, { words, locale, actions, describe });
    this.banner = el('p', { class: 'banner', role: 'status', 'aria-live': 'polite' });
    this.list = el('ul', { class: 'outbox', 'aria-label': words.say('reports') });
    this.node = el('section', { class: 'outbox-part' }, this.banner, this.list);
  }

  show({ reports, queue, current }) {
    this.reports = reports;
    const others = reports.filter((report) => report.key !== current);
    const mine = others.filter((report) => !isForeign(report, queue.person));
    this._showBanner(mine, queue);
    const sent = mine.filter((r) => r.state === State.SENT).sort((a, b) => b.sent_at - a.sent_at);
    const hidden = new Set(sent.slice(SENT_SHOWN));
    const foreign = (report) => !mine.includes(report);
    const shown = others.filter((report) =>
      !hidden.has(report) && !(foreign(report) && report.state === State.SENT)).sort((a, b) =>
      ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (b.submitted_at ?? 0) - (a.submitted_at ?? 0));
    replace(this.list, shown.map((report) => (foreign(report) ? this._foreign(report) : this._row(report, queue))));
    this.list.hidden = !shown.length;
  }

  _showBanner(mine, queue) {
    const count = (state) => mine.filter((report) => report.state === state).length;
    const [tone, ...content] = this._sentence(count, mine, queue);
    this.banner.dataset.tone = tone;
    replace(this.banner, content);
  }

  /** The worst thing first: what needs a person, then what needs a network, then good news. */
  _sentence(count, mine, queue) {
    const { say } = this.words;
    if (queue.link === Link.SIGNED_OUT) {
      return ['stop', say('signed_out', { count: count(State.WAITING) }), ' ', this._signIn()];
    }
    if (count(State.CONFLICT)) return ['stop', say('needs_decision', { count: count(State.CONFLICT) })];
    if (count(State.REFUSED)) return ['stop', say('needs_eye', { count: count(State.REFUSED) })];
    if (queue.sending) return ['go', say('sending', { count: count(State.WAITING) })];
    if (count(State.WAITING)) {
      const again = el('button', { type: 'button', onclick: () => this.actions.flush() }, say('try_now'));
      return ['wait', say('waiting', { count: count(State.WAITING) }), ' ', again];
    }
    const last = mine.filter((r) => r.state === State.SENT).sort((a, b) => b.sent_at - a.sent_at)[0];
    if (last) return ['done', this._sent(last)];
    return ['calm', queue.link === Link.AWAY ? say('no_network') : say('ready')];
  }

  _signIn() {
    const back = encodeURIComponent(window.location.pathname);
    return el('a', { href: `/auth/sign-in?next=${back}` }, this.words.say('sign_in'));
  }

  _row(report, queue) {
    return el('li', { class: 'report', 'data-state': report.state, 'data-key': report.key },
      el('strong', {}, this._stateWords(report, queue)),
      el('span', { class: 'what' }, this._what(report)),
      report.state === State.REFUSED ? this._reasons(report) : null,
      report.state === State.CONFLICT
        ? conflictOf(report, { words: this.words, locale: this.locale, actions: this.actions }) : null,
      this._buttons(report));
  }

  /** Somebody else's report on this device: that it is there, not what it says. */
  _foreign(report) {
    return el('li', { class: 'report', 'data-state': report.state },
      el('strong', {}, this.words.say('waiting_for', { name: report.person_name })));
  }

  _what(report) {
    if (!isMove(report)) return this.describe(report);
    const move = moveName(report, this.locale);
    return [move ? this.words.say('decision', { move, number: report.number }) : report.number,
      report.task.excerpt?.slice(0, 60)].filter(Boolean).join(' · ');
  }

  _sent(report) {
    const { say } = this.words;
    if (!isMove(report)) return say('sent', { number: report.number });
    return say('move_sent', { number: report.number, move: moveName(report, this.locale) });
  }

  _stateWords(report, queue) {
    const { say } = this.words;
    if (report.state === State.SENT) return this._sent(report);
    if (report.state === State.CONFLICT) return say('conflict');
    if (report.state === State.REFUSED) return say('refused');
    if (report.state === State.DRAFT) return say('unfinished');
    if (earlierOf(report, this.reports)) return say('waits_for_earlier');
    return say(queue.sending === report.key ? 'sending_this' : 'waiting_this');
  }

  _reasons(report) {
    const messages = new Set([report.message, ...report.faults.map((fault) => fault.message)]);
    return el('span', { class: 'why' }, [...messages].filter(Boolean).join(' '));
  }

  _buttons(report) {
    if (report.state !== State.REFUSED && report.state !== State.DRAFT) return null;
    const { say } = this.words;
    return el('span', { class: 'row' },
      el('button', { type: 'button', onclick: () => this.actions.edit(report) }, say('edit')),
      el('button', { type: 'button', class: 'quiet', onclick: () => this._discard(report) }, say('discard')));
  }

  _discard(report) {
    const question = isMove(report) ? 'discard_move_sure' : 'discard_sure';
    if (window.confirm(this.words.say(question))) this.actions.discard(report);
  }
}
