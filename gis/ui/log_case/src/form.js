/** The form: keeps the draft on the device at every change, hands it to the queue when it is sent. */

import { AnswersPart } from './answers_part.js';
import { ClassList } from './classes.js';
import { el } from './dom.js';
import {
  TEXT_MOST, hasPlace, isEmpty, isForeign, missing, newDraft, partOf,
} from './draft.js';
import { OutboxView } from './outbox_view.js';
import { KindPart, PhotoPart, PlacePart, TextPart } from './parts.js';
import { isMove } from './moves.js';
import { keepPhotos } from './photo_keeper.js';
import { ANSWER_MOST, QuestionList, faultsOf, fitting } from './questions.js';
import { SimilarHint } from './similar.js';
import { State } from './queue.js';

const SAVE_AFTER_MS = 300;

export class LogForm {
  constructor({ root, store, queue, api, words, config }) {
    Object.assign(this, { store, queue, api, words, config });
    this.draft = newDraft(Date.now());
    this._adding = Promise.resolve();
    this.classes = new ClassList({ store, api });
    this.questions = new QuestionList({ store, api });
    this.outbox = new OutboxView({ words, locale: config.locale, describe: (report) => this._describe(report),
      actions: { edit: (report) => this.edit(report), discard: (report) => this.discard(report),
        sendAnyway: (report) => queue.sendAnyway(report), flush: () => queue.flush() } });
    this.parts = this._makeParts();
    this.summary = el('div', { class: 'summary', role: 'alert', tabindex: '-1' });
    this.similar = new SimilarHint({ words, locale: config.locale, ask: api.similar });
    this.send = el('button', { type: 'submit', class: 'button primary' }, words.say('submit'));
    this.form = el('form', { novalidate: true, onsubmit: (event) => this._submit(event) },
      this.summary, Object.values(this.parts).map((part) => part.node), this.similar.node, this.send);
    root.append(this._notice(), this.outbox.node, this.form);
    this._saveOnHide = () => { if (document.visibilityState === 'hidden') this._saveNow(); };
    document.addEventListener('visibilitychange', this._saveOnHide);
  }

  _makeParts() {
    const { words, classes, config } = this;
    const kind = new KindPart(3, { words, classes, names: (item) => this._names(item),
      changed: (fields) => this._change(fields) });
    return {
      photo: new PhotoPart(1, { words, add: (files) => this._addPhotos(files),
        remove: (photo) => this._removePhoto(photo), bytesOf: (photo) => this.store.photo(photo.id) }),
      place: new PlacePart(2, { words, assets: config.assets, view: config.map,
        name: (cell) => this._cellName(cell), changed: (place) => this._setPlace(place),
        answered: (code) => this._answerEdge(code) }),
      kind,
      answers: new AnswersPart({ words, locale: config.locale, ask: (fields) => this.questions.of(fields),
        changed: (answers) => this._answer(answers) }),
      text: new TextPart(4, { words, changed: (description) => this._write(description) }),
    };
  }

  _notice() {
    if (window.isSecureContext) return '';
    return el('p', { class: 'notice' }, this.words.say('insecure'));
  }

  /** Show what this device holds: an unfinished report goes on where it was left. */
  async start() {
    await this._openNext();
    this.parts.place.start();
    await Promise.all([this.classes.load(() => this._show()), this.questions.load(() => this._show())]);
  }

  stop() {
    document.removeEventListener('visibilitychange', this._saveOnHide);
    this._saveNow();
    this.parts.photo.stop();
    this.parts.place.stop();
  }

  async _openNext() {
    const { person } = this.queue;
    const drafts = (await this.store.reports())
      .filter((report) => report.state === State.DRAFT && !isMove(report) && !isForeign(report, person))
      .sort((a, b) => a.started_at - b.started_at);
    this._open(drafts[0] ?? newDraft(Date.now(), person));
  }

  _open(draft) {
    this.draft = draft;
    this._showFaults(draft.faults, draft.message);
    this._show();
    this.refresh();
    this.parts.place.findIfAllowed(() => this.draft === draft && !hasPlace(draft.fields.place));
  }

  _show() {
    this.similar.look(this.draft);
    for (const part of Object.values(this.parts)) part.show(this.draft);
  }

  /** Draw the state of all reports again. */
  async refresh() {
    if (isForeign(this.draft, this.queue.person)) {
      await this._saveNow();
      await this._openNext(); // somebody else has signed in: not their report to finish
      return;
    }
    this.outbox.show({ reports: await this.store.reports(), queue: this.queue, current: this.draft.key });
  }

  _names({ names, groups }) {
    const english = this.config.locale === 'en';
    const pick = (pair) => (english ? pair[1] ?? pair[0] : pair[0]) ?? '';
    return { name: pick(names), group: pick(groups) };
  }

  _describe({ fields }) {
    const item = this.classes.get(fields.kind, fields.class_code);
    const name = item ? this._names(item).name : fields.class_code ?? '';
    return [name, fields.description.slice(0, 60)].filter(Boolean).join(' · ');
  }

  _change(fields) {
    Object.assign(this.draft.fields, fields);
    for (const part of [this.parts.kind, this.parts.answers]) {
      part.setFault('');
      part.show(this.draft);
    }
    this._saveSoon();
  }

  _answer(answers) {
    this.draft.fields.answers = answers;
    this._saveSoon();
  }

  _write(description) {
    this.draft.fields.description = description;
    this.parts.text.setFault('');
    this._saveSoon();
  }

  _setPlace(place) {
    const asked = { candidates: null, cell_choice: null, edge_unsure: false };
    this.draft.fields.place = { ...this.draft.fields.place, found: null, ...asked, ...place };
    this.parts.place.setFault('');
    this.parts.place.show(this.draft);
    this._saveSoon();
    if (place.lon) this._nameThePlace(this.draft.fields.place);
  }

  /** Say which grid the point lies in; without network the coordinates are enough. */
  async _nameThePlace(place) {
    const answer = await this.api.locate(place.lon, place.lat, place.accuracy_m);
    if (this.draft.fields.place !== place) return; // moved meanwhile
    if (answer.ok) {
      place.found = placeName(answer.body, this.config.locale);
      place.candidates = answer.body.candidates ?? null;
      this._saveSoon();
    } else if (answer.refused) this.parts.place.setFault(answer.message);
    this.parts.place.show(this.draft);
  }

  /** Which of several grids near the edge it is; null: the person cannot tell. */
  _answerEdge(code) {
    Object.assign(this.draft.fields.place, { cell_choice: code, edge_unsure: code === null });
    this.parts.place.setFault('');
    this.parts.place.show(this.draft);
    this._saveSoon();
  }

  _cellName({ community_zh: zh, community_en: en }) {
    return (this.config.locale === 'en' ? en ?? zh : zh) ?? '';
  }

  /** One after another: a report is not sent while one of its photos is still being read. */
  _addPhotos(files) {
    this._adding = this._adding.then(() => this._keepPhotos(files));
    return this._adding;
  }

  async _keepPhotos(files) {
    const { draft, store, words } = this;
    const fault = await keepPhotos(files, { draft, store, words, save: () => this._saveNow() });
    this.parts.photo.setFault(fault);
    this.parts.photo.show(this.draft);
  }

  async _removePhoto(photo) {
    this.draft.photos = this.draft.photos.filter((other) => other.id !== photo.id);
    this.parts.photo.setFault('');
    await this._saveNow();
    await this.store.removePhotos([photo.id]);
    this.parts.photo.show(this.draft);
  }

  _saveSoon() {
    this.similar.look(this.draft);
    clearTimeout(this._saveTimer);
    this._saveTimer = setTimeout(() => this._saveNow(), SAVE_AFTER_MS);
  }

  async _saveNow() {
    clearTimeout(this._saveTimer);
    if (isEmpty(this.draft)) await this.store.removeReport(this.draft.key);
    else await this.store.saveDraft(this.draft);
  }

  async _submit(event) {
    event.preventDefault();
    await this._adding;
    const faults = this._faults();
    this._showFaults(faults, '');
    if (faults.length) {
      this.summary.focus();
      return;
    }
    const report = this.draft;
    report.fields.answers = fitting(report.fields.answers, this.questions.of(report.fields));
    clearTimeout(this._saveTimer);
    await this.classes.use({ kind: report.fields.kind, code: report.fields.class_code });
    this.draft = newDraft(Date.now(), this.queue.person);
    const sending = this.queue.submit(report); // saved before it is sent; the form is free at once
    await this._openNext();
    this.outbox.banner.scrollIntoView({ block: 'start' });
    await sending;
  }

  _faults() {
    const { fields } = this.draft;
    const faults = missing(this.draft).map(([field, name]) => ({ field, message: this.words.say(name) }));
    faults.push(...faultsOf(fields.answers, this.questions.of(fields)).map(([question, name, value]) => ({
      field: 'answers',
      message: this.words.say(name, { question: this.parts.answers.nameOf(question), value, most: ANSWER_MOST }),
    })));
    const { length } = this.draft.fields.description;
    if (length > TEXT_MOST) {
      faults.push({ field: 'text', message: this.words.say('text_long', { count: length, most: TEXT_MOST }) });
    }
    return faults;
  }

  /** Every fault beside its question, and once on top; nothing that was filled in goes away. */
  _showFaults(faults, message) {
    for (const [name, part] of Object.entries(this.parts)) {
      const own = faults.filter((fault) => partOf(fault.field) === name);
      part.setFault([...new Set(own.map((fault) => fault.message))].join(' '));
    }
    const lines = [...new Set([message, ...faults.map((fault) => fault.message)])].filter(Boolean);
    this.summary.hidden = !lines.length;
    this.summary.replaceChildren(...lines.map((line) => el('p', {}, line)));
  }

  /** A refused or unfinished report goes back into the form; the one being written stays among the others. */
  async edit(report) {
    await this._saveNow();
    if (isMove(report)) {
      window.location.assign(`/log/work#${report.number}`);
      return;
    }
    const again = { ...report, state: State.DRAFT };
    await this.store.saveReport(again);
    this._open(again);
    this.form.scrollIntoView({ block: 'start' });
  }

  async discard(report) {
    await this.store.removeReport(report.key);
    await this.store.removePhotos(report.photos.map((photo) => photo.id));
    this.refresh();
  }
}

function placeName(spot, locale) {
  const pick = (zh, en) => (locale === 'en' ? en ?? zh : zh) ?? '';
  return [spot.grid_code, pick(spot.street_zh, spot.street_en), pick(spot.community_zh, spot.community_en)]
    .filter(Boolean).join(' ');
}
