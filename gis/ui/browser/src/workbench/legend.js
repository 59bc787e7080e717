/**
 * What the signs of a layer mean, and how many of them are in view. Counts come from /map/counts once the map has come
 * to rest, for ticked layers only; an answer that is too late for the view is dropped.
 */
import { h, icon, s } from './dom.js';

export const MANY_SIGNS = 12;
const REST_MS = 300;
const COLOUR = /^(#[0-9a-fA-F]{3,8}|rgba?\([\d., %]+\)|transparent)$/;
const colourOf = (text) => (COLOUR.test(text ?? '') ? text : '#888888');

/** A number of things as the legend writes it: "1,234", "10,000+" where counting stopped, "–" where it failed. */
export function countText(total, capped, number) {
  return capped && total !== null ? `${number(total)}+` : number(total);
}

/** The classes of joined values: limits, colours, how many areas each holds. A value at a stop is in the class above. */
export function classesOf(values, stops, colours) {
  const known = Object.values(values ?? {}).filter((value) => typeof value === 'number');
  if (!known.length) return [];
  const lows = [Math.min(...known), ...stops];
  const highs = [...stops, Math.max(...known)];
  const counts = colours.map(() => 0);
  for (const value of known) counts[stops.filter((stop) => value >= stop).length]++;
  return colours.map((color, at) => ({ color, low: lows[at], high: highs[at], count: counts[at] }));
}

/** The rule that paints joined values by class, if the layer has one. */
export function valueSpec(rules) {
  return rules?.map(({ color }) => color).find((color) => color?.by === '@value' && color.stops) ?? null;
}

const LINE = { x1: 1, x2: 23, y1: 8, y2: 8, 'stroke-linecap': 'butt' };
const PICTURES = {
  fill: (sign) => [s('rect', { x: 3, y: 2.5, width: 18, height: 11, rx: 2, fill: colourOf(sign.color),
    'fill-opacity': sign.opacity ?? 1, stroke: sign.outline ? colourOf(sign.outline) : 'var(--wb-sign)',
    'stroke-width': 1 })],
  line: (sign) => [
    s('line', { ...LINE, stroke: 'var(--wb-sign)', 'stroke-width': (sign.width ?? 3) + 1.6,
      'stroke-dasharray': sign.dash ? sign.dash.join(' ') : null }),
    s('line', { ...LINE, stroke: colourOf(sign.color), 'stroke-width': sign.width ?? 3,
      'stroke-dasharray': sign.dash ? sign.dash.join(' ') : null })],
  circle: (sign) => [s('circle', { cx: 12, cy: 8, r: 5.2, fill: colourOf(sign.color), stroke: 'var(--wb-sign)',
    'stroke-width': 1 })],
};

/** The picture of one sign, 24 × 16. `iconPath(name)` gives the drawing of a named icon, or nothing. */
export function swatch(sign, iconPath = () => null) {
  const path = sign.shape === 'icon' ? iconPath(sign.icon) : null;
  const inner = path ? [s('path', { d: path, transform: 'translate(4 0) scale(0.6667)', fill: colourOf(sign.color),
    'fill-rule': 'evenodd' })]
    : (PICTURES[sign.shape] ?? PICTURES.circle)(sign);
  return s('svg', { class: 'wb-swatch', viewBox: '0 0 24 16', width: 24, height: 16, 'aria-hidden': 'true' }, inner);
}

export class Legend {
  constructor(bench, iconPath) {
    this.bench = bench;
    this._iconPath = iconPath;
    this._rows = new Map(); // layer id → Map(code → element)
    this._totals = new Map(); // layer id → element
    this._known = new Map(); // layer id → last answer
    bench.map.on('moveend zoomend', () => this.ask());
    bench.pile.on(() => {
      const shown = bench.pile.list().map(({ id }) => id).join();
      if (shown !== this._shown) this.ask(); // order and opacity change no number
      this._shown = shown;
    });
  }

  /** The element that shows how many features of a layer are in view. */
  total(id) {
    const element = h('span', { class: 'wb-count' });
    this._totals.set(id, element);
    this._write(id);
    return element;
  }

  /** The signs of a layer; nothing when a single sign only repeats the title. */
  signs(entry) {
    const spec = entry.values ? valueSpec(entry.rules) : null;
    if (spec) return this._classes(entry, spec);
    const signs = entry.legend ?? [];
    if (!signs.length || (signs.length === 1 && signs[0].title === entry.title)) return null;
    const rows = new Map();
    const list = h('ul', { class: 'wb-signs' }, signs.map((sign) => this._sign(sign, rows)));
    this._rows.set(entry.id, rows);
    this._write(entry.id);
    if (signs.length <= MANY_SIGNS) return list;
    return h('details', { class: 'wb-signs-many' },
      h('summary', {}, icon('chevron', 14), this.bench.say('legend.many', { n: signs.length })), list);
  }

  /** The sign beside a layer's title, when one sign says all. */
  only(entry) {
    const signs = entry.legend ?? [];
    return signs.length === 1 ? swatch(signs[0], this._iconPath) : null;
  }

  /** A picture that stands for the layer where there is no room for its signs. */
  first(entry) {
    const spec = entry.values ? valueSpec(entry.rules) : null;
    const sign = spec ? { shape: 'fill', color: spec.range.at(-1) } : entry.legend?.[0];
    return sign ? swatch(sign, this._iconPath) : h('span', { class: 'wb-swatch' });
  }

  _sign(sign, rows) {
    const count = h('span', { class: 'wb-count' });
    if (sign.code !== undefined && sign.code !== null) rows.set(String(sign.code), count);
    return h('li', {}, swatch(sign, this._iconPath), h('span', { class: 'wb-sign-title' }, sign.title), count);
  }

  _classes(entry, spec) {
    const { number, say } = this.bench;
    const classes = classesOf(entry.values, spec.stops, spec.range);
    if (!classes.length) return h('p', { class: 'wb-note' }, say('legend.no_figures'));
    return h('ul', { class: 'wb-signs' }, classes.map(({ color, low, high, count }) => h('li', {},
      swatch({ shape: 'fill', color }), h('span', { class: 'wb-sign-title' }, `${number(low)} – ${number(high)}`),
      h('span', { class: 'wb-count', title: say('legend.areas') }, number(count)))));
  }

  /** Count again when the map has been at rest for a moment. */
  ask() {
    clearTimeout(this._asked);
    this._asked = setTimeout(() => this._count(), REST_MS);
  }

  _wanted() {
    const { pile, map } = this.bench;
    return pile.list().map(({ id }) => pile.entries.get(id))
      .filter((entry) => entry.counts !== false && map.getZoom() >= (entry.minzoom ?? 0)).map(({ id }) => id);
  }

  async _count() {
    this._abort?.abort();
    const layers = this._wanted();
    for (const id of this._known.keys()) if (!layers.includes(id)) this._forget(id);
    if (!layers.length || document.hidden) return;
    const { map, ask } = this.bench;
    this._abort = new AbortController();
    try {
      const bbox = map.getBounds().toBBoxString().split(',').map((side) => Number(side).toFixed(6)).join(',');
      const answer = await ask('/map/counts', { params: { bbox, layers: layers.join(',') }, signal: this._abort.signal });
      for (const id of layers) this._take(id, answer.layers?.[id] ?? null);
    } catch (error) {
      if (error.name !== 'AbortError') for (const id of layers) this._forget(id);
    }
  }

  _forget(id) {
    this._known.delete(id);
    this._write(id);
  }

  _take(id, counted) {
    if (counted) this._known.set(id, counted); else this._known.delete(id);
    this._write(id);
  }

  _write(id) {
    const counted = this._known.get(id);
    const { number, say } = this.bench;
    const total = this._totals.get(id);
    if (total) {
      total.textContent = counted ? countText(counted.total, counted.capped, number) : '';
      total.title = counted ? say(counted.total === null ? 'legend.uncounted' : 'legend.in_view') : '';
    }
    for (const [code, element] of this._rows.get(id) ?? []) {
      const codes = counted?.codes;
      element.textContent = codes ? countText(codes[code] ?? 0, counted.capped && code in codes, number) : '';
    }
  }
}
