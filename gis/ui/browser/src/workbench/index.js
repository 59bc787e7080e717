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
 *   pile                           the layers: list(), isShown(id), show(id, on), opacity(id), setOpacity(id, v), layer(id), on(fn)
 *   activate(id), deactivate()     one tool at a time                goHome(), fit(bounds)
 */
import style from './workbench.css';
import { defineAsk } from './ask.js';
import { Layout } from './layout.js';
import { Link, formatLayers, formatView, parseLayers, parseView } from './link.js';
import { Pile } from './pile.js';
import { TOOLS } from './tools/index.js';
import { Toolbar } from './toolbar.js';
import { defineNumber, defineSay } from './words.js';

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
    this.ask = defineAsk(this.say, { onSignedOut: () => this.message(this.say('error.signed_out')) });
    this.toolbar = new Toolbar(this.layout.tools, this, TOOLS);
  }

  /** A sentence above the map until the next one; null takes it away. */
  message(text) {
    this.layout.message.textContent = text ?? '';
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

  goHome() {
    if (this.config.home) this.map.fitBounds(this.config.home, { animate: false });
  }

  /** Show bounds [w, s, e, n], or a point, above whatever covers the map. */
  fit([west, south, east, north], { maxZoom = 18 } = {}) {
    this.map.fitBounds([[south, west], [north, east]], {
      animate: false, maxZoom, paddingTopLeft: [32, 32], paddingBottomRight: [32, 32 + this.layout.covered()] });
  }
}

function layerOf(L, bus, entry, { visible, opacity, zIndex, version }) {
  return bus.add(L.wanmiTileLayer(entry.url, {
    name: entry.id, rules: entry.rules ?? [], labels: entry.labels ?? [], values: entry.values ?? null,
    credits: entry.credits ?? [], interactive: entry.interactive !== false, maxZoom: bus.map.getMaxZoom(),
    visible, opacity, zIndex, version }));
}

export function defineWorkbench(L) {
  return function wanmiWorkbench(map, config) {
    const bench = new Bench(L, map, config);
    bench.bus.configure({ words: { unauthorised: bench.say('error.signed_out'), unavailable: bench.say('error.unreachable') },
      reportClicks: false });
    bench.pile = new Pile(bench.bus, config.layers ?? [], (entry, state) => layerOf(L, bench.bus, entry, state));
    const view = parseView(bench.link.get('map'));
    if (view) map.setView([view.lat, view.lng], view.zoom, { animate: false });
    else bench.goHome();
    const wanted = parseLayers(bench.link.get('layers'));
    if (wanted) bench.pile.restore(wanted);
    bench.pile.start();
    map.on('moveend', () => {
      const { lat, lng } = map.getCenter();
      bench.link.set('map', formatView({ zoom: map.getZoom(), lat, lng }));
    });
    bench.pile.on(() => bench.link.set('layers', formatLayers(bench.pile.list())));
    return bench;
  };
}
