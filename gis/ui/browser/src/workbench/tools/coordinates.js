/**
 * The position under the pointer in every usual way: degrees, degrees with minutes and seconds, the district's projected
 * metres, GCJ-02. A click or tap holds it, so that it can be copied; another one moves it.
 */
import { h } from '../dom.js';
import { GLYPHS } from './glyphs.js';
import { copyButton, isCoarse, takesKeys, ToolSheet, toolOf } from './parts.js';
import { projectionOf, waysOf } from './positions.js';

/** Words of one way of writing: its name, and what the name stands for. */
export function wayWords(say, key, crs) {
  return { name: say(`way.${key}`, { crs: crs.code }), full: key === 'projected' ? `${crs.name} (${crs.code})` : null };
}

/** The four ways as a list with copy buttons: { element, show(lnglat) }. */
export function waysList(bench, projection, className) {
  const { say, config } = bench;
  const words = { copy: say('copy'), copied: say('copied'), not_copied: say('copy.failed') };
  const cells = new Map();
  const row = ({ key }) => {
    const { name, full } = wayWords(say, key, config.crs);
    const value = h('span', { class: 'wt-way-value' });
    cells.set(key, value);
    return h('div', { class: 'wt-way', data: { way: key } },
      h('dt', { title: full }, name, full && className === 'wt-ways-tall' ? h('small', {}, config.crs.name) : null),
      h('dd', {}, value, copyButton({ ...words, copy: `${words.copy}: ${name}` }, () => value.textContent, bench.root)));
  };
  const element = h('dl', { class: `wt-ways ${className}` }, waysOf([0, 0], projection).map(row));
  const show = (lnglat) => { for (const { key, text } of waysOf(lnglat, projection)) cells.get(key).textContent = text; };
  return { element, show };
}

class Coordinates {
  constructor(bench) {
    this.bench = bench;
    this.projection = projectionOf(bench.config.crs);
    this.sheet = new ToolSheet(bench);
  }

  get _onPhone() { return this.bench.root.dataset.phone === 'true'; }

  start() {
    const { map, bus, L } = this.bench;
    this._wasPaused = bus.paused;
    bus.paused = true;
    this.held = null;
    this._mark = L.layerGroup().addTo(map);
    map.getContainer().classList.add('wt-drawing');
    this._on = { mousemove: ({ latlng }) => {
      this._byKeys = false;
      if (!this.held) this._soon(latlng);
    },
    click: ({ latlng }) => this._hold(latlng),
    move: () => { if (!this.held && this._byKeys) this._soon(map.getCenter()); } };
    map.on(this._on);
    this._keys = (event) => this._key(event);
    this.bench.root.addEventListener('keydown', this._keys);
    map.getContainer().focus({ preventScroll: true });
    this._lay();
    this._show(map.getCenter());
  }

  stop() {
    const { map, bus, root } = this.bench;
    map.off(this._on);
    root.removeEventListener('keydown', this._keys);
    map.getContainer().classList.remove('wt-drawing');
    cancelAnimationFrame(this._asked);
    this._mark.remove();
    this.bench.message(null);
    this.sheet.close();
    bus.paused = this._wasPaused;
  }

  _lay() {
    const { say } = this.bench;
    this.list = waysList(this.bench, this.projection, this._onPhone ? 'wt-ways-tall' : 'wt-ways-flat');
    if (this._onPhone) this.sheet.open(say('tool.coordinates'), h('div', { class: 'wt-form' }, this.list.element));
    else {
      this.bench.readout(h('div', { class: 'wt-bar', role: 'group', 'aria-label': say('tool.coordinates') },
        this.list.element));
    }
    this.bench.message(say(isCoarse() ? 'coordinates.hint_touch' : 'coordinates.hint'), { seconds: 6 });
  }

  _soon(latlng) {
    cancelAnimationFrame(this._asked);
    this._asked = requestAnimationFrame(() => this._show(latlng));
  }

  _show({ lng, lat }) {
    this.list.show([lng, lat]);
  }

  _hold(latlng) {
    const { L } = this.bench;
    this.held = latlng;
    this._show(latlng);
    this._mark.clearLayers();
    for (const [color, weight] of [['#ffffff', 5], ['#c2410c', 2.5]]) {
      L.circleMarker(latlng, { radius: 8, color, weight, fill: false, interactive: false }).addTo(this._mark);
    }
  }

  _key(event) {
    if (takesKeys(event.target)) return;
    if (event.key.startsWith('Arrow')) {
      this._byKeys = true;
      this.held = null;
      this._mark.clearLayers();
    }
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    this._hold(this.bench.map.getCenter());
  }
}

export const coordinates = toolOf({ id: 'coordinates', icon: GLYPHS.coordinates,
  word: 'tool.coordinates', group: 'work' }, Coordinates);
