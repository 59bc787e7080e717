/**
 * A selection by outline: rectangle, polygon, lasso, or one whole cell. What lies inside it is listed by the page over
 * the map; this tool draws, lets one choose layers, and reports `{ _tool: 'select', geometry, layers }`.
 */
import { h } from '../dom.js';
import { area, AREA_UNITS, inUnit } from './geodesy.js';
import { faultOf, polygonOf, ringsOf } from './outline.js';
import { GLYPHS } from './glyphs.js';
import { button, choice, isCoarse, ToolSheet, toolOf } from './parts.js';
import { drawn, Sketch } from './sketch.js';

const TOLD_SECONDS = 8;
const SHAPES = ['rectangle', 'polygon', 'lasso', 'cell'];

class Select {
  constructor(bench) {
    this.bench = bench;
    this.shape = 'rectangle';
    this.left = new Set(); // layers a person has unticked
    this.sheet = new ToolSheet(bench);
    this._layer = bench.L.layerGroup();
  }

  start() {
    this._layer.addTo(this.bench.map);
    this._bar();
    this._begin();
    this.bench.map.getContainer().focus({ preventScroll: true });
  }

  stop() {
    this._stopDrawing();
    this.sheet.close();
    this._layer.clearLayers();
    this._layer.remove();
    this.points = null;
  }

  _stopDrawing() {
    this._sketch?.stop();
    this._sketch = null;
    this._asked?.abort();
    if (this._onCell) {
      this.bench.map.off('click', this._onCell);
      this.bench.bus.paused = false;
      this._onCell = null;
    }
  }

  _begin() {
    this._stopDrawing();
    this._hint.textContent = this.bench.say(`select.hint_${this.shape}${isCoarse() ? '_touch' : ''}`);
    this._byPoints.hidden = this.shape !== 'polygon';
    if (this.shape === 'cell') {
      this.bench.bus.paused = true;
      this._onCell = ({ latlng }) => this._cellAt(latlng);
      this.bench.map.on('click', this._onCell);
      return;
    }
    this._sketch = new Sketch(this.bench, { shape: this.shape,
      onChange: (points) => this._changed(points), onDone: (points) => this._take(points) }).start();
  }

  _bar() {
    const { say } = this.bench;
    this._hint = h('output', { class: 'wt-figure wt-hint' });
    this._undo = button(GLYPHS.undo, say('measure.undo'), () => this._sketch?.undo(), { disabled: true });
    this._finish = button('check', say('measure.finish'), () => this._sketch?.finish(), { disabled: true });
    this.bench.readout(h('div', { class: 'wt-bar', role: 'group', 'aria-label': say('tool.select') },
      choice(say('select.shape'), SHAPES.map((value) => ({ value, text: say(`select.${value}`) })), this.shape,
        (shape) => { this.shape = shape; this._begin(); }),
      this._hint, this._byPoints = h('span', { class: 'wt-buttons' }, this._undo, this._finish)));
  }

  _changed(points) {
    this._undo.disabled = points.length === 0;
    this._finish.disabled = points.length < 3;
  }

  /** The whole cell under a click; its outline comes from the server, tiles hold it cut and rounded. */
  async _cellAt({ lng, lat }) {
    this._asked?.abort();
    this._asked = new AbortController();
    try {
      const cell = await this.bench.ask('/map/outline', {
        params: { lon: lng.toFixed(7), lat: lat.toFixed(7) }, signal: this._asked.signal });
      const [ring] = ringsOf(cell.outline);
      if (!ring) this._tell(this.bench.say('select.no_cell'));
      else this._take(ring, cell.outline);
    } catch (error) {
      if (error.name !== 'AbortError') this._tell(error.message);
    }
  }

  _take(points, geometry = null) {
    const { say } = this.bench;
    this.bench.message(null);
    const found = faultOf(points, geometry ? null : this.bench.config.home);
    if (found) { this._tell(say(found.fault, found.values)); return; }
    this.points = points;
    this.geometry = geometry ?? polygonOf(points);
    this._layer.clearLayers();
    drawn(this.bench.L, points, { closed: true, dots: false }).addTo(this._layer);
    this.sheet.open(say('select.title'), this._form(), () => this._layer.clearLayers());
  }

  _tell(text) {
    this.bench.message(text, { seconds: TOLD_SECONDS });
  }

  /** Ticked layers whose features can be listed: not the drawn ground, not joined figures. */
  _layers() {
    const { pile, config } = this.bench;
    return pile.list().map(({ id }) => config.layers.find((entry) => entry.id === id))
      .filter((entry) => entry && entry.group !== 'base' && entry.counts !== false).reverse();
  }

  _form() {
    const { say, config } = this.bench;
    const layers = this._layers();
    const unit = area(this.points) < 1e6 ? 'm2' : 'km2';
    const size = `${inUnit(area(this.points), AREA_UNITS[unit], config.locale)} ${say(`unit.${unit}`)}`;
    const show = button('check', say('select.show'), () => this._report(layers), { class: 'wb-button wt-button wt-main' });
    const tick = ({ id, title }) => h('label', { class: 'wt-tick' },
      h('input', { type: 'checkbox', checked: !this.left.has(id), on: { change: (event) => {
        if (event.target.checked) this.left.delete(id); else this.left.add(id);
        show.disabled = layers.every((entry) => this.left.has(entry.id));
      } } }), h('span', {}, title));
    show.disabled = layers.every((entry) => this.left.has(entry.id));
    this._said = h('p', { class: 'wt-note', role: 'status' });
    return h('div', { class: 'wt-form' }, h('p', {}, say('select.size', { size })),
      layers.length
        ? h('fieldset', { class: 'wt-ticks' }, h('legend', {}, say('select.layers')), layers.map(tick))
        : h('p', { class: 'wt-note' }, say('select.no_layers')),
      h('div', { class: 'wt-buttons' }, show, button(GLYPHS.bin, say('select.again'), () => this._again())), this._said);
  }

  _report(layers) {
    const chosen = layers.map(({ id }) => id).filter((id) => !this.left.has(id));
    this.bench.bus.report({ _tool: 'select', geometry: this.geometry, layers: chosen });
    this._said.textContent = this.bench.say('select.reported');
  }

  _again() {
    this.sheet.close();
    this._layer.clearLayers();
    this._begin();
  }
}

export const select = toolOf({ id: 'select', icon: GLYPHS.select,
  word: 'tool.select', group: 'work' }, Select);
