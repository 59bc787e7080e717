/**
 * L.WanmiTileLayer: a Leaflet GridLayer that paints vector tiles on canvas. No WebGL, so that a plain office
 * PC or a remote desktop draws it. Options: docs/map.md.
 */
import { featureAt } from './hit.js';
import { LOADING } from './loading.js';
import { Sprite } from './sprite.js';
import { faultsOf, joinOf, minutesNow, readsClock } from './style.js';

const MINUTE_MS = 60_000;
const NEIGHBOUR_PX = 24; // what stands this close beyond a tile's edge may reach over it

const DEFAULTS = {
  name: '', // key of the layer on its map; the catalogue's layer id
  rules: [], // style rules, painted in this order
  labels: [], // label rules, placed by the map's label pane
  credits: [], // whom the map must name while the layer is shown
  values: null, // { feature id: number or text }, read by specs with by: "@value"
  version: '', // replaces {v} in the address; a new version reloads tiles in place
  refreshSeconds: 0, // ask tiles in view again this often while the page is in front; 0: never
  visible: true,
  interactive: true,
  touchMargin: 128, // CSS pixels around a touched point whose tiles are asked again: its count may stand aside
  tolerance: 6, // CSS pixels around points and lines that still count as a hit
  fingerTolerance: 14, // the same for a finger
  maxRatio: 2, // device pixels per CSS pixel are not followed beyond this
  mark: { color: '#c2410c', halo: '#ffffff', width: 3, radius: 9 },
  tileSize: 256,
  minZoom: 0,
  maxZoom: 22,
  keepBuffer: 1,
  updateWhenZooming: false,
};

function escapeText(text) {
  const holder = document.createElement('span');
  holder.textContent = text ?? '';
  return holder.innerHTML;
}

/** A tile placed by a transform becomes a surface of its own; without, a city stands a tenth sooner. */
function layFlat(tile, { x, y }) {
  Object.assign(tile.style, { transform: '', left: `${x}px`, top: `${y}px` });
}

export function defineLayer(L) {
  const Grid = L.GridLayer.prototype;

  return L.GridLayer.extend({
    ...LOADING,
    options: DEFAULTS,

    initialize(url, options) {
      L.setOptions(this, options);
      this._url = url;
      this._records = new Map();
      this._unpainted = new Set();
      this._sprite = new Sprite();
      this.selected = null;
      this.range = null;
      this._clip = null;
      this.stats = { tiles: 0, requests: 0, features: 0, bytes: 0, decode_ms: 0, paint_ms: 0 };
      this._check(this.options.rules);
      this._joined = joinOf(this.options.values);
      this.on('tileunload', (event) => this._forget(event.tile));
      this.on('tileloadstart', ({ tile }) => layFlat(tile, L.DomUtil.getPosition(tile)));
    },

    onAdd(map) {
      Grid.onAdd.call(this, map);
      this._credit('addAttribution');
      this._cut();
      const { refreshSeconds } = this.options;
      if (refreshSeconds > 0) {
        this._refresh = setInterval(() => { if (!document.hidden) this.reload(); }, refreshSeconds * 1000);
      }
      this._tick = setInterval(() => { if (readsClock(this.options.rules)) this.repaint(); }, MINUTE_MS);
    },

    onRemove(map) {
      clearInterval(this._refresh);
      clearInterval(this._tick);
      this._credit('removeAttribution');
      Grid.onRemove.call(this, map);
    },

    /** A view set without animation keeps the old tiles too, until the new ones are painted. */
    getEvents() {
      const { viewprereset: _drop, move, ...events } = Grid.getEvents.call(this);
      const follow = (event) => { move?.call(this, event); this._cut(); };
      return { ...events, move: follow, resize: this._cut };
    },

    /** Each source once on the map, however many layers name it; as text, a name is not markup. */
    _credit(method) {
      const control = this._map?.attributionControl;
      for (const text of this.options.credits) control?.[method](escapeText(text));
    },

    createTile(coords, done) {
      const size = this.getTileSize();
      const ratio = Math.min(window.devicePixelRatio || 1, this.options.maxRatio);
      const canvas = L.DomUtil.create('canvas', 'leaflet-tile wanmi-tile');
      canvas.width = canvas.height = 0; // until there is something to show: empty tiles take no memory
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      const record = { canvas, coords, ratio, side: Math.round(size.x * ratio), tile: null, bytes: null, settle: null, abort: null,
        waiting: false, tries: 0, timer: 0, done };
      this._records.set(canvas, record);
      this._load(record).catch(() => {});
      return canvas;
    },

    _address({ x, y, z }) {
      return L.Util.template(this._url, { x, y, z, v: encodeURIComponent(this.options.version) });
    },

    /** Leaflet calls this when the zoom changes: requests for the old zoom are of no use any more. */
    _abortLoading() {
      this._giveUp(({ coords }) => coords.z !== this._tileZoom);
    },

    /** No fading: a tile comes with its whole picture, and the frames of the fade are saved. */
    _tileReady(...args) {
      const map = this._map;
      if (!map) return;
      const fades = map._fadeAnimated;
      map._fadeAnimated = false;
      Grid._tileReady.apply(this, args);
      map._fadeAnimated = fades;
    },

    _update(center) {
      Grid._update.call(this, center);
      this._giveUp(({ current }) => !current);
    },

    _view(record) {
      return {
        rules: this.options.rules, joined: this._joined, range: this.range, now: minutesNow(),
        tolerance: this.options.tolerance, sprite: this._sprite,
        zoom: record.coords.z, size: this.getTileSize().x, ratio: record.ratio,
      };
    },

    /** Repaint every tile; several calls before it happens cost one repaint. */
    repaint() {
      for (const record of this._records.values()) if (record.tile) this._enqueue(record);
      return this;
    },

    _check(rules) {
      const faults = faultsOf(rules);
      if (faults.length) throw new Error(`layer ${this.options.name}: ${faults.join('; ')}`);
    },

    /** Replace the style rules; tiles are not asked again. */
    setRules(rules) {
      this._check(rules);
      this.options.rules = rules;
      return this.repaint();
    },

    /** Labels fade with their layer. */
    setOpacity(opacity) {
      Grid.setOpacity.call(this, opacity);
      this.fire('wanmi:painted');
      return this;
    },

    /** Replace the label rules; tiles are not asked again. */
    setLabels(labels) {
      this.options.labels = labels;
      this.fire('wanmi:painted');
      return this;
    },

    /** Join values { feature id: value } to the features; tiles are not asked again. Null takes them away. */
    setValues(values) {
      this.options.values = values;
      this._joined = joinOf(values);
      return this.repaint();
    },

    /**
     * Ask every tile again under a new version, or, where one knows that nothing else has changed, only those around
     * the points `touched` ([lon, lat], …). The old picture stays until the new one is painted.
     */
    setVersion(version, touched = null) {
      if (version === this.options.version) return this;
      this.options.version = version;
      return touched ? this.touch(touched) : this.reload();
    },

    /** Ask every tile in view again; the old picture stays until the new one is painted. */
    reload() {
      return this._reload(() => true);
    },

    /** Ask again only for tiles that hold one of the points ([lon, lat], …) or lie close to one. */
    touch(points) {
      if (!this._map || this._tileZoom === undefined) return this;
      const size = this.getTileSize().x;
      const margin = this.options.touchMargin;
      const at = points.map(([lon, lat]) => this._map.project([lat, lon], this._tileZoom));
      return this._reload(({ coords: { x, y, z } }) => z === this._tileZoom && at.some((point) =>
        point.x >= x * size - margin && point.x < (x + 1) * size + margin
        && point.y >= y * size - margin && point.y < (y + 1) * size + margin));
    },

    _reload(isMeant) {
      for (const record of this._records.values()) {
        if (record.tries === 0 && isMeant(record)) this._load(record, true).catch(() => {});
      }
      return this;
    },

    /**
     * Show only features whose attribute lies in a range, { attribute: [from, to] }, both ends included; null
     * shows all. Sources without the attribute are not concerned; tiles are not asked again.
     */
    setRange(range) {
      if (JSON.stringify(range) === JSON.stringify(this.range)) return this;
      this.range = range;
      return this.repaint();
    },

    /** Show only what stands left or right of a line down the map: { left: px }, { right: px }; null: all. */
    setClip(clip) {
      this._clip = clip;
      this._cut();
      this.fire('wanmi:painted');
      return this;
    },

    /** True when the clip leaves this place, CSS pixels from the map's left edge, to be seen. */
    shows(x) {
      const [from, to] = this.span(Infinity);
      return x >= from && x <= to;
    },

    /** From where to where the clip lets see, CSS pixels from the map's left edge, `far` beyond either side. */
    span(far) {
      return [this._clip?.right ?? -far, this._clip?.left ?? far];
    },

    /** The clip stands still while the map moves below it. */
    _cut() {
      if (!this._container || !this._map) return;
      if (!this._clip) { this._container.style.clipPath = ''; return; }
      const { x: width, y: height } = this._map.getSize();
      const [west, east] = [this._clip.right ?? 0, this._clip.left ?? width];
      const corners = [[west, 0], [east, 0], [east, height], [west, height]].map((corner) => {
        const { x, y } = this._map.containerPointToLayerPoint(corner);
        return `${x}px ${y}px`;
      });
      this._container.style.clipPath = `polygon(${corners.join(',')})`;
    },

    /** Highlight one feature ({ source, id }) or none (null); survives repaints and new tiles. */
    select(selected) {
      this.selected = selected;
      this.fire('wanmi:marked');
      return this;
    },

    /**
     * The feature under a position, or null: see hit.js.
     *
     * @param {boolean} finger  a finger points less exactly than a mouse
     */
    query(latlng, finger = false) {
      if (!this._map || this._tileZoom === undefined || !this.options.interactive) return null;
      if (!this.shows(this._map.latLngToContainerPoint(latlng).x)) return null;
      const at = this._map.project(latlng, this._tileZoom);
      const tolerance = finger ? this.options.fingerTolerance : this.options.tolerance;
      let best = null;
      for (const { record, x, y } of this._tilesAround(at)) {
        const hit = featureAt(record.tile, x, y, { ...this._view(record), tolerance });
        if (hit && (!best || hit.rank < best.rank
          || (hit.rank === best.rank && hit.distance_px < best.distance_px))) best = hit;
      }
      return best;
    },

    /** The tile under a point of the world, then those whose symbols may reach over to it. */
    _tilesAround(at) {
      const size = this.getTileSize().x;
      const found = new Map();
      for (const [dx, dy] of [[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]]) {
        const coords = { x: Math.floor((at.x + dx * NEIGHBOUR_PX) / size),
          y: Math.floor((at.y + dy * NEIGHBOUR_PX) / size), z: this._tileZoom };
        const key = this._tileCoordsToKey(coords);
        const record = this._records.get(this._tiles[key]?.el);
        if (record?.tile) found.set(key, { record, x: at.x - coords.x * size, y: at.y - coords.y * size });
      }
      return found.values();
    },

    /** True until every tile in view is painted, at first or anew. */
    isLoading() {
      return Boolean(this._loading) || this._unpainted.size > 0;
    },

    /** True while a tile in view waits for the server to come back. */
    isFailing() {
      return [...this._records.values()].some((record) => record.tries > 0);
    },

    /** True while a tile in view is being asked, for the first time or again. */
    isWaiting() {
      return [...this._records.values()].some((record) => record.waiting);
    },

    /** Decoded tiles of the current zoom, for counts and marks. */
    currentTiles() {
      return [...this._records.values()].filter(
        (record) => record.tile && record.coords.z === this._tileZoom);
    },

    /**
     * Decoded tiles to take labels and signs from: { record, view, grow, isFree(x, y) }. Tiles of the zoom before,
     * `grow` times as large now, serve where those of this zoom have not come yet.
     */
    labelTiles() {
      const zoom = this._map.getZoom(); // between two tile zooms on a sheet of an exact scale
      const size = this.getTileSize().x * 2 ** (zoom - this._tileZoom);
      const isCovered = (x, y) => {
        const key = `${Math.floor(x / size)}:${Math.floor(y / size)}:${this._tileZoom}`;
        return Boolean(this._records.get(this._tiles[key]?.el)?.tile);
      };
      return [...this._records.values()].filter((record) => record.tile).map((record) => {
        const isNow = record.coords.z === this._tileZoom;
        return { record, view: this._view(record), grow: 2 ** (zoom - record.coords.z), isFree: isNow ? () => true
          : (x, y) => !isCovered(x, y) };
      });
    },
  });
}
