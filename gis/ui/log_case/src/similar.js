/** A quiet hint under the form: what was reported near here already. It asks late, waits for nothing, blocks nothing. */

import { el, replace } from './dom.js';

const ASK_AFTER_MS = 800;

export class SimilarHint {
  /** `ask({ kind, class_code, lon, lat, text })` answers { ok, body: { duplicates } }; anything else shows nothing. */
  constructor({ words, locale, ask }) {
    Object.assign(this, { words, locale, ask });
    this.asked = '';
    this.node = el('details', { class: 'similar', hidden: true });
  }

  /** Called at every change of the draft; asks only when place, class or words are others than before. */
  look({ fields }) {
    const { place, kind, class_code: code, description } = fields;
    const wanted = place.lon === null || !code ? null
      : { kind, class_code: code, lon: place.lon, lat: place.lat, text: description.trim().slice(0, 200) };
    const key = JSON.stringify(wanted);
    if (key === this.asked) return;
    this.asked = key;
    clearTimeout(this.timer);
    if (!wanted) this._show([]);
    else this.timer = setTimeout(() => this._ask(wanted, key), ASK_AFTER_MS);
  }

  async _ask(wanted, key) {
    const answer = await this.ask(wanted);
    if (this.asked === key) this._show(answer.ok ? answer.body.duplicates ?? [] : []);
  }

  _show(found) {
    const { say } = this.words;
    this.node.hidden = !found.length;
    const pick = (zh, en) => (this.locale === 'en' ? en ?? zh : zh) ?? '';
    replace(this.node, el('summary', {}, say('similar', { count: found.length })),
      el('ul', {}, found.map((one) => el('li', {}, say('similar_one', {
        number: one.number, metres: Math.round(one.distance_m), state: pick(one.state_zh, one.state_en) })))));
  }
}
