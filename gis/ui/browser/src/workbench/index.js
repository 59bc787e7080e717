/**
 * L.wanmiWorkbench(map, config): everything around the map inside its frame. It talks to the /map/* routes itself, so
 * that nothing a person does here runs the page's script again. The config is docs/map.md, "The workbench".
 *
 * Tools (tools/*.js) get a `bench`:
 *   L, map, bus, config, root      Leaflet, its map, map.wanmi, the config, the element that holds everything
 *   say(key, params)               a sentence of config.words        number(value, digits)  as the language writes it
 *   message(text | null)           a sentence above the map          readout(node | null)   a line at its bottom
 *   sheet(title, node, {onClosed}) opens the right side (on a phone: from below); sheet(null) closes it
 *   ask(path, {params, body, signal})  JSON of a route; throws AskError whose message is for people
 *   link.get(key), link.set(key, value | null), link.on(key, listener)   parts of the state in the address
 *   pile                           the layers: list(), isShown(id), show(id, on), opacity(id), setOpacity(id, v),
 *                                  layer(id), on(listener)
 *   activate(id), deactivate()     one tool at a time                goHome(), fit(bounds), reveal(latlng)
 */
import { SPRITE } from '../sprite.js';
import style from './workbench.css';
import { defineAsk } from './ask.js';
import { Base } from './base.js';
import { Busy } from './busy.js';
import { Changes } from './changes.js';
import { defineKeyboard } from './keyboard.js';
import { Layout } from './layout.js';
import { Legend } from './legend.js';
import { Link, formatLayers, formatView, parseLayers, parseView } from './link.js';
import { Panel } from './panel.js';
import { Pile } from './pile.js';
import { Search } from './search.js';
import { Toolbar } from './toolbar.js';
import { followLink, STYLE, TOOLS } from './tools/index.js';
import { Tree } from './tree.js';
import { Trouble } from './trouble.js';
import { Views } from './views.js';
import { defineNumber, defineSay } from './words.js';

const EDGE = 48; // pixels that what one looks at keeps from the edge
const FIRST_ANSWER_MS = 1500; // tiles do not wait longer than this for their versions

/** What tools may do with the workbench; its parts hang on it under their own names. */
class Bench {
  constructor(L, map, config) {
    this.L = L;
    this.map = map;
    this.bus = map.wanmi;
    this.config = config;
    this.say = defineSay(config.words);
    this.number = defineNumber(config.locale);
    this.layout = new Layout(map, config, this.say);
    this.root = this.layout.root;
    this.link = new Link();
    this.trouble = new Trouble(this);
    this.ask = defineAsk(this.say, { onSignedOut: () => this.trouble.set('signed_out', true) });
    this.pile = new Pile(this.bus, config.layers ?? [], (entry, state) => this._layer(entry, state));
    this.busy = new Busy(this);
    this.base = new Base(this);
    this.legend = new Legend(this, (name) => (Object.hasOwn(SPRITE, name) ? SPRITE[name] : null));
    this.tree = new Tree(this, this.legend);
    this.search = new Search(this);
    this.panel = new Panel(this);
    this.views = new Views(this);
    this.changes = new Changes(this);
    this.toolbar = new Toolbar(this.layout.tools, this, TOOLS);
    defineKeyboard(this);
  }

  _layer(entry, { visible, opacity, zIndex, version }) {
    const { L, bus, trouble } = this;
    try {
      const layer = L.wanmiTileLayer(entry.url, {
        name: entry.id, rules: entry.rules ?? [], labels: entry.labels ?? [], values: entry.values ?? null,
        credits: entry.credits ?? [], interactive: entry.interactive !== false, maxZoom: this.map.getMaxZoom(),
        visible, opacity, zIndex, version });
      layer.on('wanmi:unauthorised', () => trouble.set('signed_out', true));
      layer.on('wanmi:unavailable', ({ error }) => { if (!error.final) trouble.set('tiles', true); });
      layer.on('wanmi:available', () => trouble.set('tiles', bus.isFailing()));
      this.busy.watch(layer);
      return bus.add(layer);
    } catch (error) { // a style that cannot be drawn takes its own layer away, not the map
      console.error(error);
      this.message(this.say('layer.broken', { layer: entry.title }));
      return null;
    }
  }

  /** A sentence above the map until the next one, or for some seconds; null takes it away. */
  message(text, { seconds = 0 } = {}) {
    clearTimeout(this._passing);
    this.layout.message.textContent = text ?? '';
    if (text && seconds) this._passing = setTimeout(() => this.message(null), seconds * 1000);
  }

  readout(node) {
    this.layout.readout.replaceChildren(...(node ? [node] : []));
    this.layout.readout.hidden = !node;
  }

  sheet(title, node, { onClosed = null } = {}) {
    const { right } = this.layout;
    const before = right.onClosed;
    right.onClosed = null;
    before?.(); // what lay there before learns that it is gone
    if (title === null) { right.close(); return; }
    right.heading.textContent = title;
    right.body.replaceChildren(...(node ? [node] : []));
    right.body.scrollTop = 0;
    right.onClosed = onClosed;
    right.open();
  }

  activate(id) { this.toolbar.activate(id); }

  deactivate() { return this.toolbar.deactivate(); }

  /** The first view. A frame that has no size yet is waited for. */
  goHome() {
    const { map, config, L } = this;
    if (!config.home) return;
    if (map.getSize().x === 0) { map.once('resize', () => this.goHome()); return; }
    // whole zooms only; one that cuts a little off the edge shows more than one half empty
    const { zoomSnap } = map.options;
    map.options.zoomSnap = 0;
    const zoom = Math.floor(map.getBoundsZoom(config.home) + 0.25);
    map.options.zoomSnap = zoomSnap;
    map.setView(L.latLngBounds(config.home).getCenter(), zoom, { animate: false });
  }

  /** Show bounds [w, s, e, n], or a point, above whatever covers the map. */
  fit([west, south, east, north], { maxZoom = 18 } = {}) {
    this.map.fitBounds([[south, west], [north, east]], {
      animate: false, maxZoom,
      paddingTopLeft: [32, 32 + this.layout.headroom()], paddingBottomRight: [32, 32 + this.layout.covered()] });
  }

  /** Move the map as little as needed for a place to stand clear of sheets and edges. */
  reveal(latlng) {
    const { x, y } = this.map.getSize();
    const at = this.map.latLngToContainerPoint(latlng);
    const lowest = y - this.layout.covered() - EDGE;
    const right = Math.max(at.x - (x - EDGE), 0) || Math.min(at.x - EDGE, 0);
    const down = Math.max(at.y - lowest, 0) || Math.min(at.y - EDGE - this.layout.headroom(), 0);
    if (right || down) this.map.panBy([right, down]);
  }

  // ------------------------------------------------------------------ the state of the address

  /** Bring the map to what the address says; parts of it that are not here are named in one sentence. */
  restore() {
    const { link, panel, base, map } = this;
    const missing = this._takeLayers(link.get('layers'));
    const wanted = link.get('base');
    if (!base.start()) missing.push(wanted);
    const view = parseView(link.get('map'));
    const at = link.get('at');
    // the sheet opens before the view is set: the middle of the link is the middle of what remains
    if (at && !panel.restore(at, { fit: view === null })) missing.push(at.split('.')[0]);
    if (view) map.setView([view.lat, view.lng], view.zoom, { animate: false });
    else this.goHome();
    this.miss(missing);
  }

  _takeLayers(text) {
    const wanted = parseLayers(text);
    return wanted ? this.pile.restore(wanted) : [];
  }

  /** Say which parts of a link or a saved view are not here. */
  miss(missing) {
    const names = [...new Set(missing)].slice(0, 5).join(', ');
    if (names) this.message(this.say('link.missing', { names }), { seconds: 12 });
  }

  /** From now on the address follows the map, and the map an address that is typed in or kept by a saved view. */
  follow() {
    const { link, pile, map } = this;
    const write = () => {
      const { lat, lng } = map.getCenter();
      link.set('map', formatView({ zoom: map.getZoom(), lat, lng }));
    };
    map.on('moveend', write);
    pile.on(() => link.set('layers', formatLayers(pile.list())));
    link.on('map', (text) => {
      const view = parseView(text);
      if (view) map.setView([view.lat, view.lng], view.zoom, { animate: false });
    });
    link.on('layers', (text) => this.miss(this._takeLayers(text)));
    link.set('layers', formatLayers(pile.list()));
    write();
  }

  async start() {
    const versions = this.changes.start(); // on its way while the rooms are furnished
    const late = new Promise((resolve) => { setTimeout(resolve, FIRST_ANSWER_MS); });
    if (!this.layout.phone.matches) this.layout.left.open();
    this.restore();
    await Promise.race([versions, late]);
    this.pile.start();
    this.bus.select(this.panel.selected ?? null);
    if (this.config.viewInLink !== false) this.follow();
    followLink(this);
    this.legend.ask();
  }
}

function wear(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

export function defineWorkbench(L) {
  return function wanmiWorkbench(map, config) {
    wear(style + STYLE);
    map.wanmi.configure({ reportClicks: false });
    const say = defineSay(config.words);
    const zoom = { position: 'topright', zoomInTitle: say('map.zoom_in'), zoomOutTitle: say('map.zoom_out') };
    L.control.zoom(zoom).addTo(map);
    const bench = new Bench(L, map, config);
    map.wanmi.bench = bench;
    map.wanmi.setViews = (views) => bench.views.set(views);
    bench.start();
    return bench;
  };
}
