/**
 * The details of what was clicked or found: the feature itself, what else lies under the same click, and the unit grid
 * around it. The selection stands in the address as `at`.
 */
import { Block } from './block.js';
import { h, icon, refill } from './dom.js';
import { formatAt, parseAt } from './link.js';
import { gridProfile, lines, link } from './profile.js';

const CLUSTER = /_cluster$/;
const same = (a, b) => a?.layer === b?.layer && a?.source === b?.source && a?.id === b?.id;

/** One button per feature under a click, without the one that is shown; a layer's features of one kind count once. */
export function othersOf(hits, shown) {
  return hits.filter((hit) => !same(hit, shown)).map(({ layer, source, id }) => ({ layer, source, id }));
}

export class Panel {
  constructor(bench) {
    this.bench = bench;
    this.feature = new Block(bench, 'feature');
    this.grid = new Block(bench, 'grid');
    this.also = h('section', { class: 'wb-block wb-also', hidden: true });
    this.element = h('div', { class: 'wb-details' }, this.feature.element, this.also, this.grid.element);
    this.hits = [];
    this.at = null; // where the click was
    bench.map.on('wanmi:click', ({ hits, latlng }) => this._click(hits, latlng));
    bench.link.on('at', (text) => {
      if (!text) this.close();
      else if (!this.restore(text)) bench.miss([text.split('.')[0]]);
    });
  }

  /** What a link names; answers false when it cannot be read or its layer is not here. */
  restore(text, { fit = false } = {}) {
    const wanted = parseAt(text);
    if (!wanted || !this.bench.pile.has(wanted.layer)) return false;
    this.bench.pile.show(wanted.layer);
    this.showFeature(wanted, { fit });
    return true;
  }

  _click(hits, latlng) {
    this.bench.bus.apply({ pin: null });
    if (CLUSTER.test(hits[0]?.source ?? '')) { // a sum of many: come nearer to see them
      this.bench.map.setView(latlng, this.bench.map.getZoom() + 2);
      return;
    }
    this.hits = hits;
    if (hits.length) this._show(hits[0], latlng);
    else this.showPlace(null, latlng);
  }

  /** A feature of a layer: selected on the map, named in the address, its details in the sheet. */
  showFeature(selected, { fit = false } = {}) {
    this.hits = [];
    this._show(selected, null, fit);
  }

  async _show(selected, latlng, fit = false) {
    const { bus, link: address } = this.bench;
    const { layer, source, id } = selected;
    this.selected = { layer, source, id };
    bus.select(this.selected);
    address.set('at', formatAt(this.selected));
    this._open();
    if (latlng) this.bench.reveal(latlng);
    if (latlng) this._askGrid({ lon: latlng.lng.toFixed(7), lat: latlng.lat.toFixed(7) });
    else this.grid.clear();
    const found = await this.feature.load('/map/feature', { layer, source, id }, (answer) => this._feature(answer));
    if (!found || !same(this.selected, selected)) return;
    if (fit && found.bounds) this.bench.fit(found.bounds);
    if (!latlng && found.grid_code) this._askGrid({ code: found.grid_code });
  }

  /** A place without a feature: its name if it has one, and the grid around it. */
  showPlace(title, latlng) {
    this.hits = [];
    this.selected = null;
    this.bench.bus.select(null);
    this.bench.link.set('at', null);
    this._open();
    this.feature.clear();
    this.bench.reveal(latlng);
    if (title) refill(this.feature.element, h('h3', { class: 'wb-feature-title' }, title));
    this._askGrid({ lon: latlng.lng.toFixed(7), lat: latlng.lat.toFixed(7) });
  }

  _askGrid(params) {
    return this.grid.load('/map/grid', params, (profile) => gridProfile(profile, this.bench));
  }

  _open() {
    this._drawAlso();
    const { say, layout } = this.bench;
    if (layout.right.body.firstChild === this.element && layout.right.isOpen) { layout.right.body.scrollTop = 0; return; }
    this.bench.sheet(say('details.title'), this.element, { onClosed: () => this._closed() });
  }

  /** Closing the details lets the selection go. */
  _closed() {
    this.selected = null;
    this.feature.clear();
    this.grid.clear();
    this.bench.bus.apply({ selected: null, pin: null });
    this.bench.link.set('at', null);
  }

  close() {
    if (this.bench.layout.right.body.firstChild === this.element) this.bench.layout.right.close();
  }

  nameOf({ layer, source }) {
    const { config, pile } = this.bench;
    return config.sources?.[`${layer}.${source}`] ?? pile.entries.get(layer)?.title ?? source;
  }

  _feature(found) {
    const { say } = this.bench;
    return [
      this.nameOf(this.selected) !== found.title && h('p', { class: 'wb-kind' }, this.nameOf(this.selected)),
      h('h3', { class: 'wb-feature-title' }, found.title),
      h('div', { class: 'wb-actions' },
        found.bounds && h('button', { type: 'button', class: 'wb-button',
          on: { click: () => this.bench.fit(found.bounds) } }, icon('fit', 16), say('details.zoom')),
        found.link && link(found.link.href, found.link.text, { class: 'wb-button wb-primary' })),
      lines(found.lines ?? []),
    ];
  }

  _drawAlso() {
    const others = othersOf(this.hits, this.selected);
    this.also.hidden = others.length === 0;
    refill(this.also, h('h4', {}, this.bench.say('details.also')), h('div', { class: 'wb-chips' }, others.map((other) =>
      h('button', { type: 'button', class: 'wb-chip-button', on: { click: () => this._other(other) } },
        this.nameOf(other)))));
  }

  /** Another feature under the same click: the grid around it stays what it was. */
  async _other(other) {
    this.selected = other;
    this.bench.bus.select(other);
    this.bench.link.set('at', formatAt(other));
    this._drawAlso();
    await this.feature.load('/map/feature', other, (answer) => this._feature(answer));
  }
}
