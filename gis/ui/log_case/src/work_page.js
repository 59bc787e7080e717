/**
 * The page of tasks: what this person is sent to, one task at a time with the photo first, and the decisions
 * that wait on this device. It shows what is kept at once and asks the server beside it.
 */

import { api } from './api.js';
import { DecisionForm, askedOnTop, missingIn, wordsFor } from './decision.js';
import { frame, keepPage, openDevice, renewPerson, wordsOf } from './device.js';
import { isForeign } from './draft.js';
import { newKey } from './keys.js';
import { isMove, newDecision } from './moves.js';
import { OutboxView } from './outbox_view.js';
import { keepPhotos } from './photo_keeper.js';
import { PositionFinder, isAllowed } from './position.js';
import { State } from './queue.js';
import { Sayer } from './say.js';
import { TaskList } from './task_list.js';
import { KeptWork } from './tasks.js';

const SAVE_AFTER_MS = 300;
const RENEW_MS = 120_000;
const LEFT = /(?:^|; )wanmi_left=(\d+)/;

/** When somebody last signed out in this browser, in seconds of the server. */
const leftAt = () => Number(LEFT.exec(document.cookie)?.[1] ?? 0);

class WorkPage {
  constructor({ root, store, queue, words, config }) {
    Object.assign(this, { store, queue, words, config });
    this.sayer = new Sayer({ words, locale: config.locale });
    this.kept = new KeptWork({ store, api, leftAt });
    this.here = null;
    this.fresh = false;
    this.draft = null;
    this.outbox = new OutboxView({ words, locale: config.locale, describe: () => words.say('log_a_case'),
      actions: { edit: (item) => this.edit(item), discard: (item) => this.discard(item),
        sendAnyway: (item) => queue.sendAnyway(item).then(() => this.renew()), flush: () => this.retry() } });
    this.finder = new PositionFinder({
      found: ({ lon, lat }) => { this.here = { lon, lat }; this.draw(); }, ended: () => this.draw() });
    this.list = new TaskList({ words, sayer: this.sayer, thumb: (sha) => this.kept.thumb(sha),
      locate: () => this.finder.start(), refresh: () => this.retry() });
    this.form = new DecisionForm({ words, sayer: this.sayer, bytesOf: (photo) => store.photo(photo.id),
      picture: (sha) => this.list.address(sha), actions: {
        addPhotos: (files) => this.addPhotos(files), removePhoto: (photo) => this.removePhoto(photo),
        choose: (move) => this.choose(move), write: (name, value) => this.write(name, value),
        send: () => this.send() } });
    root.append(this.outbox.node, this.list.node, this.form.node);
    this.adding = Promise.resolve();
  }

  async start() {
    await this.kept.open(this.queue.person);
    this.opened = () => this.open();
    this.seen = () => { if (document.visibilityState === 'visible') this.renew(); else this.saveNow(); };
    this.timer = setInterval(() => this.seen(), RENEW_MS);
    window.addEventListener('hashchange', this.opened);
    window.addEventListener('online', this.seen);
    document.addEventListener('visibilitychange', this.seen);
    await this.open();
    if (await isAllowed()) this.finder.start();
    await this.renew();
  }

  /** Who is here, then what has changed for them; the page stays as it is until the answer is there. */
  async renew() {
    const me = await renewPerson(this.store, this.queue);
    const answer = await this.kept.renew(me);
    this.fresh = Boolean(answer.ok);
    if (!this.kept.kept) this.list.forget();
    if (this.draft && isForeign(this.draft, this.queue.person)) window.location.hash = '';
    this.takeNews();
    await this.refresh();
  }

  async retry() {
    await this.queue.flush();
    await this.renew();
  }

  /** The decision is made on what is shown: a task that came anew is shown anew. */
  takeNews() {
    const task = this.draft && this.taskOf(this.draft.number);
    if (!task) return;
    Object.assign(this.draft, { task, version: task.version, moves: this.kept.kept.body.moves[task.state] });
  }

  taskOf(number) {
    return this.kept.kept?.body.tasks.find((task) => task.number === number);
  }

  /** The address says what is shown: #number a task, nothing the list. */
  async open() {
    await this.saveNow();
    const number = decodeURIComponent(window.location.hash.slice(1));
    const mine = (await this.store.reports()).filter((item) =>
      isMove(item) && item.number === number && !isForeign(item, this.queue.person));
    const task = this.taskOf(number);
    const waits = mine.some((item) => item.state !== State.DRAFT && item.state !== State.SENT);
    this.draft = mine.find((item) => item.state === State.DRAFT)
      ?? (task && !waits ? newDecision(newKey(), task, Date.now(), this.queue.person) : null);
    this.takeNews();
    if (this.draft) this.form.showFaults(this.draft.faults.map(placed), this.draft.message);
    window.scrollTo(0, 0);
    await this.refresh();
  }

  /** Draw everything again: the queue calls this after each of its changes. */
  async refresh() {
    this.items = await this.store.reports();
    this.draw();
  }

  draw() {
    const { draft, here } = this;
    const work = this.kept.kept;
    this.outbox.show({ reports: this.items ?? [], queue: this.queue, current: draft?.key });
    this.list.node.hidden = Boolean(draft);
    this.form.node.hidden = !draft;
    this.list.show({ work, here, finding: this.finder.searching, fresh: this.fresh, waiting: this.waiting() });
    if (!draft) return;
    const gone = this.fresh && !this.taskOf(draft.number);
    this.form.show(draft, { moves: draft.moves ?? [], work, here, gone });
  }

  /** Number → name of the decision that has not arrived yet. */
  waiting() {
    const mine = (this.items ?? []).filter((item) => isMove(item) && !isForeign(item, this.queue.person)
      && item.state !== State.DRAFT && item.state !== State.SENT);
    const name = (item) => this.sayer.name('move', item);
    return new Map(mine.map((item) => [item.number, name(item)]));
  }

  addPhotos(files) {
    const { draft, store, words } = this;
    this.adding = this.adding.then(async () => {
      const fault = await keepPhotos(files, { draft, store, words, save: () => store.saveDraft(draft) });
      this.form.parts.photo.setFault(fault);
      this.draw();
    });
    return this.adding;
  }

  async removePhoto(photo) {
    this.draft.photos = this.draft.photos.filter((other) => other.id !== photo.id);
    await this.saveNow();
    await this.store.removePhotos([photo.id]);
    this.draw();
  }

  choose(move) {
    this.draft.fields.move = move;
    const option = this.draft.moves.find((one) => one.move === move);
    Object.assign(this.draft, { move_zh: option.move_zh, move_en: option.move_en });
    this.form.parts.finding.setFault('');
    this.saveSoon();
    this.draw();
  }

  write(name, value) {
    this.draft.fields.words[name] = value;
    this.form.parts.saying.setFault('');
    this.saveSoon();
  }

  saveSoon() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.saveNow(), SAVE_AFTER_MS);
  }

  async saveNow() {
    clearTimeout(this.saving);
    const { draft } = this;
    if (!draft) return;
    const said = Object.values(draft.fields.words).some(Boolean);
    if (draft.photos.length || draft.fields.move || said) await this.store.saveDraft(draft);
    else await this.store.removeReport(draft.key);
  }

  async send() {
    await this.adding;
    const { draft } = this;
    if (!draft) return;
    const move = draft.moves.find((option) => option.move === draft.fields.move);
    const faults = missingIn(draft, draft.moves).map(([part, name, field]) => ({
      part, message: this.words.say(name, { field: field ? this.sayer.name('label', field) : '' }) }));
    this.form.showFaults(faults);
    if (faults.length) return;
    clearTimeout(this.saving);
    this.draft = null;
    const words = wordsFor(move, draft.fields.words, askedOnTop(draft, move));
    const sending = this.queue.submit({ ...draft, fields: { move: draft.fields.move, words } });
    window.location.hash = '';
    await sending;
    await this.renew();
  }

  /** A refused decision goes back into its form with what the server said about it. */
  async edit(item) {
    if (!isMove(item)) {
      window.location.assign('/log/phone');
      return;
    }
    await this.store.saveReport({ ...item, state: State.DRAFT });
    if (window.location.hash === `#${item.number}`) await this.open();
    else window.location.hash = item.number;
  }

  async discard(item) {
    await this.store.removeReport(item.key);
    await this.store.removePhotos(item.photos.map((photo) => photo.id));
    await this.renew();
  }

  stop() {
    clearInterval(this.timer);
    window.removeEventListener('hashchange', this.opened);
    window.removeEventListener('online', this.seen);
    document.removeEventListener('visibilitychange', this.seen);
    this.saveNow();
    this.finder.stop();
    this.form.stop();
    this.list.forget();
  }
}

/** A fault of the server beside the part of the page that it is about. */
function placed({ field, message }) {
  if (field.startsWith('photo')) return { part: 'photo', message };
  return { part: field === 'move' ? 'finding' : 'saying', message };
}

/** `mount(root, config)` fills `root` and answers the function that ends it. */
export async function mount(root, config) {
  const words = wordsOf(config.words);
  const { box, remove } = frame(root, config, config.styles);
  let page = null;
  const device = await openDevice({ box, words, changed: () => page?.refresh() });
  if (!device) return remove;
  const { store, queue } = device;
  page = new WorkPage({ root: box, store, queue, words, config });
  const unwatch = device.watch();
  await page.start();
  box.dataset.ready = 'yes';
  keepPage(config);
  await queue.flush();
  return () => {
    unwatch();
    page.stop();
    remove();
  };
}
