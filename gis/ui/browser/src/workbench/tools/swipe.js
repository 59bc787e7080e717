/**
 * Two pictures on one map with a divider between them: two layers, or two days of the cases. The divider is pulled, or
 * moved with the arrow keys; what is compared stands in the link as `swipe=`.
 */
import { h, icon } from '../dom.js';
import { clampDay, dayName, spanOf } from './calendar.js';
import { CaseDays, daysLayerOf, levelAt, paintDay } from './case_days.js';
import { GLYPHS } from './glyphs.js';
import { button, ICON_ONLY, pick, toolOf } from './parts.js';
import { formatSwipe, movedBy, parseSwipe, pixelOf } from './sides.js';

const SIDES = ['left', 'right'];
const WEEK = 7;
const OPEN = 'cases';
const TWIN = '@right'; // key on the bus of the second picture of one layer

class Swipe {
  constructor(bench) {
    this.bench = bench;
    this.timed = daysLayerOf(bench.config);
    this.data = new CaseDays(bench);
  }

  start() {
    const { link, map, pile, config } = this.bench;
    this.span = spanOf(config.days ?? 90, config.zone);
    this._shownHere = new Set();
    this._hidHere = false;
    this.state = this._usable(parseSwipe(link.get('swipe'))) ?? this._first();
    this._divider();
    this._on = { resize: () => this._clip(), zoomend: () => this._paint() };
    map.on(this._on);
    this._offPile = pile.on(() => this._follow());
    this._offLink = link.on('swipe', (text) => {
      const asked = this._usable(parseSwipe(text));
      if (asked) { this.state = asked; this._apply(); }
    });
    this._apply();
  }

  stop() {
    const { link, map, pile } = this.bench;
    this._offPile();
    this._offLink();
    map.off(this._on);
    this._bar?.remove();
    this._removeTwin();
    this._unclip();
    for (const id of this._shownHere) pile.show(id, false);
    if (this._hidHere) pile.show(OPEN, true);
    link.set('swipe', null);
  }

  /** What a link asks for, as far as this person has the layers; else null. */
  _usable(asked) {
    if (!asked) return null;
    if (SIDES.some((side) => !this.bench.pile.has(asked[side].id))) {
      this.bench.message(this.bench.say('swipe.unknown'));
      return null;
    }
    for (const side of SIDES) {
      const { id, day } = asked[side];
      asked[side].day = id === this.timed?.id ? clampDay(day ?? this.span[1], this.span) : null;
    }
    return asked;
  }

  /** Without a link: the two uppermost layers shown, or two days a week apart. */
  _first() {
    const shown = this._choices().filter(({ id }) => this.bench.pile.isShown(id));
    const [a, b] = [shown[0] ?? this._choices()[0], shown[1] ?? this._choices()[1] ?? shown[0]];
    const side = (entry, back) => ({ id: entry.id, day: entry.id === this.timed?.id ? this.span[1] - back : null });
    return { left: side(a, WEEK), right: side(b, 0), share: 50 };
  }

  /** Layers that can stand on a side, uppermost first. */
  _choices() {
    const { pile, config } = this.bench;
    return [...pile.order].reverse().map((id) => config.layers.find((entry) => entry.id === id))
      .filter((entry) => entry && entry.group !== 'base');
  }

  _apply() {
    this._unclip();
    this._isTicking = true;
    this._tick(new Set(SIDES.map((side) => this.state[side].id)));
    this._isTicking = false;
    this._putTwin();
    this._controls();
    this._clip();
    this._paint();
    this._write();
  }

  /** Show what is compared; hide again what was shown for a comparison before. */
  _tick(wanted) {
    const { pile } = this.bench;
    for (const id of [...this._shownHere]) {
      if (wanted.has(id)) continue;
      this._shownHere.delete(id);
      pile.show(id, false);
    }
    for (const id of wanted) {
      if (pile.isShown(id)) continue;
      this._shownHere.add(id);
      pile.show(id, true);
    }
    this._clear(wanted);
  }

  /** Open cases of all days would hide those of the days compared: they go while days are compared, and come back. */
  _clear(wanted) {
    const { pile } = this.bench;
    const isInTheWay = SIDES.some((side) => this.state[side].day !== null) && !wanted.has(OPEN);
    if (isInTheWay && pile.isShown(OPEN)) { this._hidHere = true; pile.show(OPEN, false); }
    if (!isInTheWay && this._hidHere) { this._hidHere = false; pile.show(OPEN, true); }
  }

  get _isTwin() { return this.state.left.id === this.state.right.id; }

  /** One layer on both sides is drawn twice: the second one has its own day and its own clip. */
  _putTwin() {
    const { L, bus, pile } = this.bench;
    const { id } = this.state.right;
    if (this._twin && (!this._isTwin || this._twinOf !== id)) this._removeTwin();
    if (!this._isTwin || this._twin) return;
    const first = pile.layer(id);
    this._twin = bus.add(L.wanmiTileLayer(first._url, { ...first.options, name: id + TWIN, visible: true }));
    this._twin.options.name = id; // to a click it is the layer itself
    this._twinOf = id;
  }

  _removeTwin() {
    if (!this._twin) return;
    this._twin.remove();
    this.bench.bus.layers.delete(this._twinOf + TWIN);
    this._twin = null;
  }

  _layerOf(side) {
    return side === 'right' && this._isTwin ? this._twin : this.bench.pile.layer(this.state[side].id);
  }

  /** The tree changed something: a side that was hidden ends the comparison, versions and strength are followed. */
  _follow() {
    const { pile } = this.bench;
    if (this._isTicking) return;
    if (SIDES.some((side) => !pile.isShown(this.state[side].id))) { this.bench.deactivate(); return; }
    if (!this._twin) return;
    this._twin.setOpacity(pile.opacity(this._twinOf));
    this._twin.setVersion(pile.layer(this._twinOf).options.version);
  }

  _clip() {
    const x = pixelOf(this.state.share, this.bench.map.getSize().x);
    this._layerOf('left')?.setClip({ left: x });
    this._layerOf('right')?.setClip({ right: x });
    this._bar.style.left = `${x}px`;
    this._bar.setAttribute('aria-valuenow', String(Math.round(this.state.share)));
    this._bar.setAttribute('aria-valuetext', this.bench.say('swipe.at', { n: Math.round(this.state.share) }));
  }

  _unclip() {
    for (const id of this.bench.pile.order) this.bench.pile.layer(id)?.setClip(null);
    const layer = this.timed && this.bench.pile.layer(this.timed.id);
    if (layer) paintDay(layer, this.timed, null, null);
  }

  async _paint() {
    if (SIDES.every((side) => this.state[side].day === null)) return;
    const level = levelAt(this.bench.map.getZoom());
    try {
      if (level !== null) await this.data.load(level);
    } catch (error) {
      this.bench.message(error.message);
    }
    if (!this._bar.isConnected) return;
    for (const side of SIDES) {
      const { day } = this.state[side];
      const layer = this._layerOf(side);
      if (day !== null && layer) paintDay(layer, this.timed, day, level === null ? null : this.data.known(level));
    }
  }

  _write() {
    if (this._bar.isConnected) this.bench.link.set('swipe', formatSwipe(this.state)); // a pull may end after the tool
  }

  _move(share) {
    this.state.share = share;
    this._clip();
  }

  _divider() {
    const { map, say, L } = this.bench;
    const box = map.getContainer();
    const bar = h('div', { class: 'wt-divider', role: 'slider', tabindex: '0', 'aria-orientation': 'horizontal',
      'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-label': say('swipe.divider'), on: {
        keydown: (event) => {
          const to = movedBy(this.state.share, event);
          if (to === null) return;
          event.preventDefault();
          event.stopPropagation();
          this._move(to);
          this._write();
        },
        pointerdown: (event) => { bar.setPointerCapture(event.pointerId); bar.focus({ preventScroll: true }); event.preventDefault(); },
        pointermove: (event) => {
          if (!bar.hasPointerCapture(event.pointerId)) return;
          const { left, width } = box.getBoundingClientRect();
          this._move(Math.min(100, Math.max(0, (event.clientX - left) / width * 100)));
        },
        lostpointercapture: () => this._write(),
      } }, h('span', { class: 'wt-grip' }, icon(GLYPHS.swipe, 20)));
    L.DomEvent.disableClickPropagation(bar);
    box.append(bar);
    this._bar = bar;
  }

  _controls() {
    const { say } = this.bench;
    const options = this._choices().map(({ id, title }) => ({ value: id, text: title }));
    const chooser = (side) => {
      const { id, day } = this.state[side];
      const set = (change) => { Object.assign(this.state[side], change); this._apply(); };
      return h('span', { class: `wt-side wt-side-${side}` },
        pick(say(`swipe.${side}`), options, id, (next) => set({ id: next, day: this._dayFor(next, side) }), { shown: true }),
        day === null ? null : pick(say('swipe.day'), this._dayOptions(), String(day), (next) => set({ day: Number(next) })));
    };
    const exchange = button(GLYPHS.exchange, say('swipe.exchange'), () => {
      this.state = { left: this.state.right, right: this.state.left, share: this.state.share };
      this._apply();
    }, { class: ICON_ONLY });
    this.bench.readout(h('div', { class: 'wt-bar wt-swipe', role: 'group', 'aria-label': say('tool.swipe') },
      chooser('left'), exchange, chooser('right')));
  }

  /** The day a side begins with: a week ago on the left, today on the right, never the other side's. */
  _dayFor(id, side) {
    if (id !== this.timed?.id) return null;
    const [older, newer] = [this.span[1] - WEEK, this.span[1]];
    const [first, second] = side === 'left' ? [older, newer] : [newer, older];
    return this.state[side === 'left' ? 'right' : 'left'].day === first ? second : first;
  }

  _dayOptions() {
    const [first, last] = this.span;
    return Array.from({ length: last - first + 1 }, (_, back) => (
      { value: String(last - back), text: dayName(last - back, this.bench.config.locale, { short: true }) }));
  }
}

export const swipe = toolOf({ id: 'swipe', icon: GLYPHS.swipe, word: 'tool.swipe', group: 'time',
  available: (config) => config.swipe !== false && (config.layers ?? []).length > 0 }, Swipe);
