/**
 * The time slider: cases of one day out of the last ninety. The columns above the slider are all days at once; the day
 * stands in the link as `day=2026-11-01`.
 */
import { h, s } from '../dom.js';
import { clampDay, dayName, dayOf, spanOf, textOf } from './calendar.js';
import { CaseDays, daysLayerOf, levelAt, paintDay, totalsOf } from './case_days.js';
import { button, ICON_ONLY, isStill, toolOf } from './parts.js';
import { GLYPHS } from './glyphs.js';

const STEP_MS = 700;
const COLUMNS_HEIGHT = 34;

/** A column per day, the day shown in the strong colour; drawn 1 unit wide and stretched. */
function columns(totals, at) {
  const most = Math.max(1, ...totals);
  return s('svg', { class: 'wt-columns', viewBox: `0 0 ${totals.length} ${COLUMNS_HEIGHT}`, preserveAspectRatio: 'none',
    'aria-hidden': 'true' }, totals.map((n, i) => {
    const height = n === 0 ? 0.6 : Math.max(1.5, n / most * COLUMNS_HEIGHT);
    return s('rect', { x: i + 0.12, y: COLUMNS_HEIGHT - height, width: 0.76, height, class: i === at ? 'wt-column-now' : 'wt-column' });
  }));
}

class Days {
  constructor(bench) {
    this.bench = bench;
    this.entry = daysLayerOf(bench.config);
    this.data = new CaseDays(bench);
    this.totals = null;
  }

  start() {
    const { pile, link, map, config } = this.bench;
    this.span = spanOf(config.days ?? 90, config.zone);
    this.day = clampDay(dayOf(link.get('day')) ?? this.span[1], this.span);
    this._open = pile.isShown('cases') && this.entry.id !== 'cases';
    this._had = pile.isShown(this.entry.id);
    pile.show(this.entry.id, true);
    if (this._open) pile.show('cases', false); // open cases of all days would hide those of the day
    this._lay();
    this._onZoom = () => this._load();
    map.on('zoomend', this._onZoom);
    this._offLink = link.on('day', (text) => this._set(clampDay(dayOf(text) ?? this.span[1], this.span)));
    this._set(this.day);
    this._load();
  }

  stop() {
    const { pile, link, map } = this.bench;
    this._pause();
    map.off('zoomend', this._onZoom);
    this._offLink();
    link.set('day', null);
    const layer = pile.layer(this.entry.id);
    if (layer) paintDay(layer, this.entry, null, null);
    if (!this._had) pile.show(this.entry.id, false);
    if (this._open) pile.show('cases', true);
  }

  _lay() {
    const { say } = this.bench;
    const [first, last] = this.span;
    this._chart = h('div', { class: 'wt-chart' });
    this._slider = h('input', { type: 'range', class: 'wt-days-slider', min: first, max: last, step: 1,
      'aria-label': say('days.slider'), on: {
        input: () => { this._pause(); this._set(Number(this._slider.value), { written: false }); },
        change: () => this._write() } });
    this._name = h('strong', { class: 'wt-day-name' });
    this._count = h('span', { class: 'wt-day-count' });
    this._play = button(GLYPHS.play, say('days.play'), () => (this._timer ? this._pause() : this._run()),
      { class: ICON_ONLY });
    const step = (glyph, word, by) => button(glyph, say(word), () => { this._pause(); this._set(clampDay(this.day + by, this.span)); },
      { class: ICON_ONLY });
    this.bench.readout(h('div', { class: 'wt-bar wt-days', role: 'group', 'aria-label': say('tool.days') },
      h('span', { class: 'wt-buttons' }, step(GLYPHS.back, 'days.back', -1), isStill() ? null : this._play,
        step(GLYPHS.forth, 'days.forth', 1)),
      h('div', { class: 'wt-days-track' }, this._chart, this._slider,
        h('div', { class: 'wt-days-ends', 'aria-hidden': 'true' }, h('span', {}, textOf(first)), h('span', {}, textOf(last)))),
      h('output', { class: 'wt-day' }, this._name, this._count)));
  }

  /** Numbers for the zoom, and those of the columns; a new zoom may need others. */
  async _load() {
    const { map } = this.bench;
    try {
      const level = levelAt(map.getZoom());
      const all = await this.data.load(3);
      if (level !== null && level !== 3) await this.data.load(level);
      this.totals = totalsOf(all);
      this._first = dayOf(all.first);
      if (this._slider.isConnected) this._set(this.day);
    } catch (error) {
      this.bench.message(error.message);
    }
  }

  /** While the slider is pulled the address stays as it is: browsers take only some changes of it a second. */
  _set(day, { written = true } = {}) {
    const { pile, map, config } = this.bench;
    this.day = day;
    const layer = pile.layer(this.entry.id);
    const level = levelAt(map.getZoom());
    if (layer) paintDay(layer, this.entry, day, level === null ? null : this.data.known(level));
    const name = dayName(day, config.locale);
    const count = this._countOf(day);
    this._slider.value = String(day);
    this._slider.setAttribute('aria-valuetext', `${name} ${count}`);
    this._name.textContent = name;
    this._count.textContent = count;
    if (this.totals) this._chart.replaceChildren(columns(this.totals, day - this._first));
    if (written) this._write();
  }

  _write() {
    if (this._slider.isConnected) this.bench.link.set('day', textOf(this.day)); // a pull may end after the tool
  }

  _countOf(day) {
    const n = this.totals?.[day - this._first];
    return n === undefined ? '' : this.bench.say('days.count', { n: this.bench.number(n) });
  }

  _run() {
    if (this.day >= this.span[1]) this._set(this.span[0]);
    this._mark(true);
    this._timer = setInterval(() => {
      if (document.hidden) return;
      if (this.day >= this.span[1]) this._pause();
      else this._set(this.day + 1);
    }, STEP_MS);
  }

  _pause() {
    clearInterval(this._timer);
    this._timer = null;
    this._mark(false);
  }

  _mark(runs) {
    const words = this.bench.say(runs ? 'days.pause' : 'days.play');
    this._play?.setAttribute('aria-label', words);
    this._play?.setAttribute('title', words);
    this._play?.querySelector('path')?.setAttribute('d', runs ? GLYPHS.pause : GLYPHS.play);
  }
}

export const days = toolOf({ id: 'days', icon: GLYPHS.days, word: 'tool.days', group: 'time',
  available: (config) => daysLayerOf(config) !== null && config.days > 0 }, Days);
