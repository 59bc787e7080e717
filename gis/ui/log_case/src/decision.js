/** One task: photo first, then what was found, then the words it needs; one button sends it. */

import { el, replace } from './dom.js';
import { Part, PhotoPart } from './parts.js';

/** What a decision still needs: [part, name of the sentence, values] each. */
export function missingIn({ fields, photos }, moves) {
  const faults = [];
  const move = moves.find((option) => option.move === fields.move);
  if (!photos.length && moves.some((option) => option.fields.some((f) => f.name === 'photo' && f.required))) {
    faults.push(['photo', 'photo_needed']);
  }
  if (!move) return [...faults, ['finding', 'move_needed']];
  for (const field of wordsFields(move)) {
    const value = fields.words[field.name];
    if (field.required && !String(value ?? '').trim()) faults.push(['saying', 'field_needed', field]);
  }
  return faults;
}

/** The fields of a move besides its photos. */
export function wordsFields(move) {
  return move.fields.filter((field) => field.kind !== 'photos');
}

/** What goes along: only what is asked for, so that a reason typed for "failed" stays out of "passed". */
export function wordsFor(move, words, asked = []) {
  const names = [...wordsFields(move), ...asked].map((field) => field.name);
  return Object.fromEntries(Object.entries(words).filter(([name]) => names.includes(name)));
}

const NEVER_ASKED = ['photo', 'move', 'key', 'version'];

/** Fields that a refusal named and the page did not know: they are asked as words. */
export function askedOnTop(draft, move) {
  const known = new Set([...NEVER_ASKED, ...(move ? move.fields.map((field) => field.name) : [])]);
  return draft.faults.filter(({ field }) => field && !known.has(field)).map(({ field, message }) => ({
    name: field, kind: 'text', required: true, label_zh: message, label_en: message }));
}

class FindingPart extends Part {
  constructor({ words, sayer, changed }) {
    super('finding', 2, { words, changed });
    this.sayer = sayer;
    this.buttons = el('div', { class: 'findings', role: 'group', 'aria-label': words.say('finding') });
    this.body.append(this.buttons);
  }

  show({ fields }, moves) {
    replace(this.buttons, moves.map((option) => el('button', {
      type: 'button', class: 'button', 'data-move': option.move, 'data-good': String(option.good),
      'aria-pressed': String(fields.move === option.move), onclick: () => this.changed(option.move),
    }, this.sayer.name('move', option))));
  }
}

/** The words a move asks for; a field the server asked for on top appears too. */
class SayingPart extends Part {
  constructor({ words, sayer, changed }) {
    super('saying', 3, { words, changed });
    this.sayer = sayer;
  }

  show(draft, move, more) {
    const fields = [...(move ? wordsFields(move) : []), ...more];
    this.node.hidden = !fields.length;
    const names = fields.map((field) => field.name).join();
    if (this.drawn === `${draft.key} ${names}`) return; // what is being typed stays under the fingers
    this.drawn = `${draft.key} ${names}`;
    replace(this.body, fields.flatMap((field) => this._field(field, draft.fields.words[field.name] ?? '')));
  }

  _field(field, value) {
    const id = `word-${field.name}`;
    const label = this.sayer.name('label', field);
    const head = field.required ? label : `${label} (${this.words.say('optional')})`;
    return [el('label', { class: 'field', for: id }, head), this._input(field, id, value)];
  }

  _input(field, id, value) {
    if (field.kind === 'yes') {
      const box = el('input', { type: 'checkbox', id, onchange: () => this.changed(field.name, box.checked) });
      box.checked = value === true;
      return box;
    }
    if (field.kind === 'choice') {
      const options = field.choices.map((choice) => el('option', { value: choice.value },
        this.sayer.name('name', choice)));
      const list = el('select', { id, onchange: () => this.changed(field.name, list.value) },
        el('option', { value: '' }, ''), options);
      list.value = value;
      return list;
    }
    const area = el('textarea', { id, rows: '3', oninput: () => this.changed(field.name, area.value) });
    area.value = value;
    return area;
  }
}

export class DecisionForm {
  /**
   * `actions`: addPhotos(files), removePhoto(photo), choose(move), write(name, value), send();
   * `bytesOf(photo)` reads what is kept, `picture(sha)` answers an address of a photo so far or null.
   */
  constructor({ words, sayer, actions, bytesOf, picture }) {
    Object.assign(this, { words, sayer, actions, picture });
    this.parts = {
      photo: new PhotoPart(1, { words, add: actions.addPhotos, remove: actions.removePhoto, bytesOf }),
      finding: new FindingPart({ words, sayer, changed: actions.choose }),
      saying: new SayingPart({ words, sayer, changed: actions.write }),
    };
    this.head = el('div', { class: 'task-head' });
    this.about = el('div', { class: 'task-about' });
    this.summary = el('div', { class: 'summary', role: 'alert', tabindex: '-1', hidden: true });
    this.send = el('button', { type: 'button', class: 'button primary', onclick: () => actions.send() });
    this.node = el('section', { class: 'task-form' },
      el('a', { class: 'back', href: '#' }, `‹ ${words.say('back_to_tasks')}`), this.head, this.summary,
      Object.values(this.parts).map((part) => part.node), this.about, el('div', { class: 'send' }, this.send));
  }

  /** `work` is null for a task that is no longer in the list: the draft's own copy is shown. */
  show(draft, { moves, work, here, gone }) {
    const move = moves.find((option) => option.move === draft.fields.move);
    this._head(draft.task, work, here, gone);
    this.parts.photo.show(draft);
    this.parts.finding.show(draft, moves);
    this.parts.saying.show(draft, move, askedOnTop(draft, move));
    this.send.textContent = move
      ? this.words.say('send_move', { move: this.sayer.name('move', move) }) : this.words.say('choose_first');
    this._about(draft.task, work);
  }

  _head(task, work, here, gone) {
    const { sayer, words } = this;
    const time = sayer.time(task, Date.now(), work?.body.yellow_after ?? 1);
    replace(this.head,
      el('p', { class: 'top' }, el('b', { class: 'duty' }, words.say(task.state)),
        el('span', { class: 'lamp', 'data-lamp': time.lamp }, time.words)),
      el('h2', {}, sayer.kind(task)),
      el('p', {}, [sayer.distance(here, task), sayer.place(task)].filter(Boolean).join(' · ')),
      el('p', { class: 'excerpt' }, task.excerpt),
      task.said && task.said !== task.excerpt
        ? el('p', { class: 'said' }, el('b', {}, words.say('said_last')), ' ', task.said) : '',
      gone ? el('p', { class: 'notice' }, words.say('gone')) : '');
  }

  _about(task, work) {
    const key = `${task.number} ${task.version} ${Boolean(work)}`;
    if (this.aboutKey === key) return;
    this.aboutKey = key;
    const photos = el('div', { class: 'earlier' });
    replace(this.about,
      task.photos.length ? el('h3', {}, this.words.say('earlier_photos')) : '', photos,
      el('p', { class: 'hint' }, `${task.number} · ${task.grid_code} · ${this.words.say('reported_as')} `,
        this.sayer.moment(task.reported_at, work?.body.time_zone)),
      el('a', { class: 'button', href: `/case?number=${encodeURIComponent(task.number)}` },
        this.words.say('open_case')));
    this._earlier(photos, task, work);
  }

  async _earlier(holder, task, work) {
    for (const { sha256, purpose } of task.photos) {
      const address = await this.picture(sha256);
      if (!address) continue;
      const [zh, en] = work?.body.purposes[purpose] ?? [purpose, purpose];
      const name = this.sayer.locale === 'en' ? en : zh;
      holder.append(el('figure', {}, el('img', { src: address, alt: name }), el('figcaption', {}, name)));
    }
  }

  /** Every fault beside its part and once on top; nothing that was typed goes away. */
  showFaults(faults, message = '') {
    for (const [name, part] of Object.entries(this.parts)) {
      part.setFault(faults.filter((fault) => fault.part === name).map((fault) => fault.message).join(' '));
    }
    const lines = [...new Set([message, ...faults.map((fault) => fault.message)])].filter(Boolean);
    this.summary.hidden = !lines.length;
    this.summary.replaceChildren(...lines.map((line) => el('p', {}, line)));
    if (lines.length) this.summary.focus();
  }

  stop() {
    this.parts.photo.stop();
  }
}
