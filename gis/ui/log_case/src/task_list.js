/** The list: one large card for each task, nearest or most urgent first, and the cells this person walks. */

import { el, replace } from './dom.js';
import { sorted } from './tasks.js';

const THUMBS_AT_ONCE = 6;

export class TaskList {
  /** `thumb(sha)` answers { bytes, type } or null; `locate()` asks the phone where it is. */
  constructor({ words, sayer, thumb, locate, refresh }) {
    Object.assign(this, { words, sayer, thumb, locate, refresh });
    this.by = 'distance';
    this.addresses = new Map();
    this.heading = el('h2', {}, words.say('tasks'));
    this.asOf = el('span', { class: 'hint', role: 'status' });
    this.orders = el('div', { class: 'row choice', role: 'group' });
    this.hint = el('p', { class: 'hint' });
    this.list = el('ul', { class: 'tasks', 'aria-label': words.say('tasks') });
    this.cells = el('details', { class: 'cells' });
    this.node = el('section', { class: 'task-list' },
      el('div', { class: 'bar' }, this.heading,
        el('button', { type: 'button', class: 'quiet', onclick: () => this.refresh() }, words.say('refresh'))),
      this.asOf, this.orders, this.hint, this.list, this.cells);
  }

  /** `shown` = { work (kept work or null), here, finding, fresh, waiting: Map number → decision } */
  show(shown) {
    this.shown = shown;
    const { work, here } = shown;
    const { say } = this.words;
    const as = work && this.sayer.moment(work.at);
    this.asOf.textContent = work ? say(shown.fresh ? 'tasks_as_of' : 'tasks_kept', { time: as }) : '';
    replace(this.orders, work ? [this._order('distance', 'by_distance'), this._order('time', 'by_time')] : []);
    this.hint.textContent = work && !here ? say(shown.finding ? 'searching' : 'no_position') : '';
    const tasks = work ? sorted(work.body.tasks, { by: this.by, here }) : [];
    const last = (task) => (shown.waiting.has(task.number) ? 1 : 0);
    tasks.sort((a, b) => last(a) - last(b));
    replace(this.list, tasks.map((task) => this._card(task)));
    if (!tasks.length) this.list.append(el('li', { class: 'empty' }, say(work ? 'no_tasks' : 'no_tasks_kept')));
    this._showCells(work);
    this._pictures(tasks.slice(0, THUMBS_AT_ONCE));
  }

  _order(by, name) {
    const on = this.by === by;
    return el('button', { type: 'button', class: 'button', 'aria-pressed': String(on), onclick: () => {
      this.by = by;
      if (by === 'distance' && !this.shown.here) this.locate();
      this.show(this.shown);
    } }, this.words.say(name));
  }

  _card(task) {
    const { sayer, shown } = this;
    const decision = shown.waiting.get(task.number);
    const time = sayer.time(task, Date.now(), shown.work.body.yellow_after);
    const away = sayer.distance(shown.here, task);
    return el('li', { 'data-number': task.number, 'data-state': task.state },
      el('a', { class: 'task', href: `#${task.number}` },
        el('span', { class: 'thumb', 'data-sha': task.photos[0]?.sha256 ?? '' }),
        el('span', { class: 'facts' },
          el('span', { class: 'top' }, el('b', { class: 'duty' }, this.words.say(task.state)),
            el('span', { class: 'lamp', 'data-lamp': time.lamp }, time.words),
            task.rework_count ? el('span', { class: 'rework' },
              this.words.say('rework', { n: task.rework_count })) : ''),
          el('strong', {}, sayer.kind(task)),
          el('span', {}, [away, sayer.place(task)].filter(Boolean).join(' · ')),
          el('span', { class: 'excerpt' }, task.excerpt),
          decision ? el('span', { class: 'decided' },
            this.words.say('decided', { move: decision })) : '')));
  }

  _showCells(work) {
    const cells = work?.body.cells ?? [];
    this.cells.hidden = !cells.length;
    const { say } = this.words;
    replace(this.cells, el('summary', {}, say('my_cells', { count: cells.length })),
      el('ul', {}, cells.map((cell) => el('li', {},
        el('b', {}, cell.code), ' ', this.sayer.name('community', cell), ' · ',
        [say('cell_cases', { count: cell.open_cases }), this.sayer.distance(this.shown.here, cell)]
          .filter(Boolean).join(' · ')))));
  }

  /** The first ones only: over a bad connection the words come first and pictures as they are needed. */
  async _pictures(tasks) {
    for (const { photos: [photo] } of tasks) {
      if (!photo) continue;
      const address = await this.address(photo.sha256);
      if (!address) continue;
      this.list.querySelectorAll(`[data-sha="${CSS.escape(photo.sha256)}"]`).forEach((holder) => {
        if (!holder.firstChild) holder.append(el('img', { src: address, alt: '' }));
      });
    }
  }

  async address(sha256) {
    if (!this.addresses.has(sha256)) {
      const kept = await this.thumb(sha256);
      if (!kept) return null;
      this.addresses.set(sha256, URL.createObjectURL(new Blob([kept.bytes], { type: kept.type })));
    }
    return this.addresses.get(sha256);
  }

  forget() {
    this.addresses.forEach((address) => URL.revokeObjectURL(address));
    this.addresses.clear();
  }
}
