/** The way to the print sheet: paper, direction and title are chosen here, the sheet shows what the map shows now. */
import { freshId, h, icon } from '../dom.js';
import { GLYPHS } from './glyphs.js';
import { choice, ToolSheet, toolOf } from './parts.js';

const TITLE_MOST = 80;

/** Address of the sheet: choices as parameters, the state of the map behind "#" where the map itself keeps it. */
export function printAddress(path, { paper, turn, title }, state) {
  const query = new URLSearchParams({ paper, turn, ...(title ? { title } : {}) });
  return `${path}?${query}#${state}`;
}

class Print {
  constructor(bench) {
    this.bench = bench;
    this.sheet = new ToolSheet(bench);
    this.wishes = { paper: 'a4', turn: 'landscape', title: '' };
  }

  start() {
    this.sheet.open(this.bench.say('tool.print'), this._form());
    this._off = [this.bench.pile.on(() => this._aim())];
    this._onMove = () => this._aim();
    this.bench.map.on('moveend', this._onMove);
    this._title.focus();
  }

  stop() {
    this._off.forEach((off) => off());
    this.bench.map.off('moveend', this._onMove);
    this.sheet.close();
  }

  _form() {
    const { say } = this.bench;
    const set = (name) => (value) => { this.wishes[name] = value; this._aim(); };
    const options = (...values) => values.map((value) => ({ value, text: say(`print.${value}`) }));
    this._title = h('input', { type: 'text', class: 'wt-input', id: freshId('title'), maxlength: TITLE_MOST, value: this.wishes.title,
      on: { input: (event) => set('title')(event.target.value.trim()) } });
    this._open = h('a', { class: 'wb-button wt-button wt-main', target: '_blank', rel: 'noopener', on: { focus: () => this._aim(),
      pointerenter: () => this._aim(), click: () => this._aim() } }, icon(GLYPHS.print, 18), h('span', {}, say('print.open')));
    this._aim();
    return h('div', { class: 'wt-form' },
      h('label', { for: this._title.id }, say('print.title')), this._title,
      h('div', { class: 'wt-row' }, choice(say('print.paper'), options('a4', 'a3'), this.wishes.paper, set('paper')),
        choice(say('print.turn'), options('landscape', 'portrait'), this.wishes.turn, set('turn'))),
      this._open, h('p', { class: 'wt-note' }, say('print.note')));
  }

  /** The link always leads to what stands on the map at this moment. */
  _aim() {
    this._open.href = printAddress(this.bench.config.links.print, this.wishes, this.bench.link.text());
  }
}

export const print = toolOf({ id: 'print', icon: GLYPHS.print, word: 'tool.print', group: 'out',
  available: (config) => Boolean(config.links?.print) }, Print);
