/** Lengths and areas on the ellipsoid. Measures stay on the map until they are cleared, also when the tool is left. */
import { h } from '../dom.js';
import { area, AREA_UNITS, crossesItself, inUnit, length, LENGTH_UNITS, perimeter, segments } from './geodesy.js';
import { GLYPHS } from './glyphs.js';
import { button, choice, isCoarse, pick, toolOf } from './parts.js';
import { drawn, Sketch } from './sketch.js';

const SHORTEST_LABEL_PX = 46; // a segment shorter on the screen stays without its figure
const KINDS = { length: { shape: 'line', units: LENGTH_UNITS }, area: { shape: 'polygon', units: AREA_UNITS } };

/** Middle of the points of a ring: where its figure stands; inside for the shapes people measure. */
export function middleOf(points) {
  let [twice, x, y] = [0, 0, 0];
  points.forEach(([x0, y0], i) => {
    const [x1, y1] = points[(i + 1) % points.length];
    const cross = (x0 - points[0][0]) * (y1 - points[0][1]) - (x1 - points[0][0]) * (y0 - points[0][1]);
    twice += cross;
    x += (x0 + x1 - 2 * points[0][0]) * cross;
    y += (y0 + y1 - 2 * points[0][1]) * cross;
  });
  if (Math.abs(twice) < 1e-14) return points[0];
  return [points[0][0] + x / (3 * twice), points[0][1] + y / (3 * twice)];
}

class Measure {
  constructor(bench) {
    this.bench = bench;
    this.kind = 'length';
    this.unit = { length: 'm', area: 'm2' };
    this.kept = [];
    this._layer = bench.L.layerGroup();
  }

  start() {
    const { map } = this.bench;
    this._layer.addTo(map);
    this._relabel ??= () => this._drawKept();
    map.on('zoomend', this._relabel);
    this._bar();
    this._begin();
    map.getContainer().focus({ preventScroll: true });
  }

  stop() {
    this._sketch?.stop();
    this._sketch = null;
  }

  _begin() {
    this._sketch?.stop();
    this._unitPick();
    this._sketch = new Sketch(this.bench, { shape: KINDS[this.kind].shape,
      onChange: (points, { hover }) => this._show(hover ? [...points, hover] : points, points.length),
      onDone: (points) => this._keep(points) }).start();
    this._show([], 0);
  }

  _bar() {
    const { say } = this.bench;
    this._figure = h('output', { class: 'wt-figure', 'aria-live': 'off' });
    this._told = h('span', { class: 'wt-hidden', role: 'status' });
    this._units = h('span', { class: 'wt-slot' });
    const tools = [
      this._undo = button(GLYPHS.undo, say('measure.undo'), () => this._sketch.undo()),
      this._finish = button('check', say('measure.finish'), () => this._sketch.finish()),
      this._clear = button(GLYPHS.bin, say('measure.clear'), () => this._clearAll()),
    ];
    this.bench.readout(h('div', { class: 'wt-bar', role: 'group', 'aria-label': say('tool.measure') },
      choice(say('measure.kind'), Object.keys(KINDS).map((value) => ({ value, text: say(`measure.${value}`) })), this.kind,
        (kind) => {
          this.kind = kind;
          this._result = null;
          this._begin();
        }),
      this._figure, this._units, h('span', { class: 'wt-buttons' }, tools), this._told));
  }

  _unitPick() {
    const { say } = this.bench;
    const options = Object.keys(KINDS[this.kind].units).map((value) => ({ value, text: say(`unit.${value}`) }));
    this._units.replaceChildren(pick(say('measure.unit'), options, this.unit[this.kind], (unit) => {
      this.unit[this.kind] = unit;
      this._drawKept();
      this._show(this._shown, this._set);
    }));
  }

  _text(value, kind) {
    const key = this.unit[kind];
    return `${inUnit(value, KINDS[kind].units[key], this.bench.config.locale)} ${this.bench.say(`unit.${key}`)}`;
  }

  /** The sentence of one measure: a length, or an area with the way around it. */
  _sentence(points, kind) {
    if (kind === 'length') return this._text(length(points), 'length');
    if (points.length > 2 && crossesItself(points)) return this.bench.say('measure.crosses');
    return this.bench.say('measure.area_and_perimeter', {
      area: this._text(area(points), 'area'), perimeter: this._text(perimeter(points), 'length') });
  }

  /** @param points  with the one under the pointer;  @param set  how many of them are set */
  _show(points, set) {
    const { say } = this.bench;
    const grown = set !== this._set;
    [this._shown, this._set] = [points, set];
    this._undo.disabled = set === 0;
    this._finish.disabled = set < (this.kind === 'area' ? 3 : 2);
    this._clear.disabled = set === 0 && this.kept.length === 0;
    const hint = say(isCoarse() ? 'measure.hint_touch' : 'measure.hint');
    if (points.length) this._result = null; // the last result stays until something new begins
    const text = points.length > 1 ? this._sentence(points, this.kind) : this._result?.() ?? hint;
    this._figure.textContent = text;
    this._figure.classList.toggle('wt-hint', text === hint);
    if (grown && set > 1) this._told.textContent = text;
  }

  _keep(points) {
    this.kept.push({ points, kind: this.kind });
    const { kind } = this;
    this._result = () => this._sentence(points, kind);
    this._drawKept();
    this._show([], 0);
    this._told.textContent = this._result();
  }

  _clearAll() {
    this.kept = [];
    this._result = null;
    this._sketch.reset();
    this._drawKept();
    this._show([], 0);
    this.bench.map.getContainer().focus({ preventScroll: true });
  }

  _drawKept() {
    this._layer.clearLayers();
    for (const { points, kind } of this.kept) {
      drawn(this.bench.L, points, { closed: kind === 'area' }).addTo(this._layer);
      this._label(points, kind);
    }
    if (this.kept.length === 0 && !this._sketch) this.bench.map.off('zoomend', this._relabel);
  }

  _label(points, kind) {
    const ring = kind === 'area' ? [...points, points[0]] : points;
    const { map } = this.bench;
    const pixel = ([lng, lat]) => map.latLngToLayerPoint([lat, lng]);
    if (ring.length > 2) {
      segments(ring).forEach((metres, i) => {
        const [a, b] = [pixel(ring[i]), pixel(ring[i + 1])];
        if (a.distanceTo(b) < SHORTEST_LABEL_PX) return;
        this._sign(map.layerPointToLatLng(a.add(b).divideBy(2)), this._text(metres, 'length'), 'wt-sign');
      });
    }
    const at = kind === 'area' ? middleOf(points) : points.at(-1);
    const total = kind === 'length' ? this._text(length(points), 'length')
      : crossesItself(points) ? this.bench.say('measure.crosses_short') : this._text(area(points), 'area');
    this._sign({ lng: at[0], lat: at[1] }, total, `wt-sign wt-total${kind === 'length' ? ' wt-end' : ''}`);
  }

  _sign(latlng, text, className) {
    const { L } = this.bench;
    L.marker(latlng, { interactive: false, keyboard: false, icon: L.divIcon({ className: 'wt-sign-holder',
      iconSize: [0, 0], html: h('span', { class: className }, text) }) }).addTo(this._layer);
  }
}

export const measure = toolOf({ id: 'measure', icon: GLYPHS.measure,
  word: 'tool.measure', group: 'work' }, Measure);
