/**
 * L.WanmiTileLayer: a Leaflet GridLayer that paints vector tiles on canvas. No WebGL, so that a plain office
 * PC or a remote desktop draws it. Options: docs/map.md.
 */
import { decodeTile } from './decode.js';
import { featureAt } from './hit.js';
import { paintTile } from './paint.js';
import { faultsOf } from './style.js';

const RETRY_SECONDS = [2, 5, 15, 30];

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
  touchMargin: 64, // CSS pixels around a touched point whose tiles are asked again
  tolerance: 6, // CSS pixels around points and lines that still count as a hit
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

export function defineLayer(L) {
  return L.GridLayer.extend({
    options: DEFAULTS,

    initialize(url, options) {
      L.setOptions(this, options);
      this._url = url;
      this._records = new Map();
      this._selected = null;
      this.range = null;
      this._clip = null;
      this._paintAsked = false;
      this.stats = { tiles: 0, requests: 0, features: 0, bytes: 0, decode_ms: 0, paint_ms: 0 };
      this._check(this.options.rules);
      this.on('tileunload', (event) => this._forget(event.tile));
    },

    onAdd(map) {
      L.GridLayer.prototype.onAdd.call(this, map);
      this._credit('addAttribution');
      this._cut();
      if (this.options.refreshSeconds > 0) {
        this._refresh = setInterval(() => { if (!document.hidden) this.reload(); },
          this.options.refreshSeconds * 1000);
      }
    },

    getEvents() {
      const events = L.GridLayer.prototype.getEvents.call(this);
      const { move } = events;
      events.move = (event) => { move?.call(this, event); this._cut(); };
      events.resize = this._cut;
      return events;
    },

    onRemove(map) {
      clearInterval(this._refresh);
      this._credit('removeAttribution');
      L.GridLayer.prototype.onRemove.call(this, map);
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
      canvas.width = size.x * ratio;
      canvas.height = size.y * ratio;
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      const record = { canvas, coords, ratio, tile: null, abort: null, waiting: false, tries: 0, timer: 0 };
      this._records.set(canvas, record);
      this._load(record).then(
        () => done(null, canvas),
        (error) => { if (error.name !== 'AbortError') done(error, canvas); });
      return canvas;
    },

    /** @param {boolean} fresh  pass over what the browser keeps for this address */
    async _load(record, fresh = false) {
      record.abort?.abort();
      const abort = new AbortController();
      record.abort = abort;
      record.waiting = true;
      this.stats.requests++;
      try {
        const response = await fetch(this._address(record.coords), {
          credentials: 'same-origin', signal: abort.signal,
          cache: fresh ? 'no-cache' : 'default' });
        await this._take(record, response);
      } catch (error) {
        if (error.name !== 'AbortError') this._retryLater(record, error);
        throw error;
      } finally {
        if (record.abort === abort) record.waiting = false; // else a later request has taken over
      }
    },

    async _take(record, response) {
      if (response.status === 401) {
        this.fire('wanmi:unauthorised', { status: 401 });
        throw Object.assign(new Error('session closed'), { final: true });
      }
      if (response.status === 404 || response.status === 204) {
        record.tile = new Map();
      } else if (!response.ok) {
        throw Object.assign(new Error(`tile ${response.status}`), { final: response.status < 500 });
      } else {
        this._decode(record, await response.arrayBuffer());
      }
      record.tries = 0;
      this._paint(record);
      this.fire('wanmi:painted');
    },

    _decode(record, bytes) {
      const start = performance.now();
      record.tile = decodeTile(bytes);
      this.stats.decode_ms += performance.now() - start;
      this.stats.tiles++;
      this.stats.bytes += bytes.byteLength;
      for (const layer of record.tile.values()) this.stats.features += layer.length;
    },

    /** The server or the network was away: ask again, less and less often, while the tile is in view. */
    _retryLater(record, error) {
      this.fire('wanmi:unavailable', { error });
      if (error.final || !this._records.has(record.canvas)) return;
      const wait = RETRY_SECONDS[Math.min(record.tries, RETRY_SECONDS.length - 1)];
      record.tries++;
      record.timer = setTimeout(() => {
        this._load(record).then(() => { if (!this.isFailing()) this.fire('wanmi:available'); }, () => {});
      }, wait * 1000);
    },

    _address({ x, y, z }) {
      return L.Util.template(this._url, { x, y, z, v: encodeURIComponent(this.options.version) });
    },

    _forget(canvas) {
      const record = this._records.get(canvas);
      if (!record) return;
      record.abort?.abort();
      clearTimeout(record.timer);
      this._records.delete(canvas);
    },

    /** Leaflet calls this when the zoom changes: requests for the old zoom are of no use any more. */
    _abortLoading() {
      for (const [key, entry] of Object.entries(this._tiles)) {
        if (entry.coords.z === this._tileZoom || entry.loaded) continue;
        this._forget(entry.el);
        L.DomUtil.remove(entry.el);
        delete this._tiles[key];
        this.fire('tileabort', { tile: entry.el, coords: entry.coords });
      }
    },

    _view(record) {
      return {
        rules: this.options.rules, values: this.options.values, range: this.range, selected: this._selected,
        mark: this.options.mark, tolerance: this.options.tolerance,
        zoom: record.coords.z, size: this.getTileSize().x, ratio: record.ratio,
      };
    },

    _paint(record) {
      if (!record.tile) return;
      const start = performance.now();
      paintTile(record.canvas.getContext('2d'), record.tile, this._view(record));
      this.stats.paint_ms += performance.now() - start;
    },

    /** Repaint every tile at the next frame; several calls before it cost one repaint. */
    repaint() {
      if (this._paintAsked) return this;
      this._paintAsked = true;
      requestAnimationFrame(() => {
        this._paintAsked = false;
        for (const record of this._records.values()) this._paint(record);
        this.fire('wanmi:painted');
      });
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

    /** Join values { feature id: value } to the features; tiles are not asked again. Null takes them away. */
    setValues(values) {
      this.options.values = values;
      return this.repaint();
    },

    /** Ask every tile again under a new version. The old picture stays until the new one is painted. */
    setVersion(version) {
      if (version === this.options.version) return this;
      this.options.version = version;
      return this.reload();
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
      return x <= (this._clip?.left ?? Infinity) && x >= (this._clip?.right ?? -Infinity);
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
      const same = this._selected?.id === selected?.id && this._selected?.source === selected?.source;
      if (same) return this;
      this._selected = selected;
      return this.repaint();
    },

    /** The feature under a position, or null: see hit.js. */
    query(latlng) {
      if (!this._map || this._tileZoom === undefined || !this.options.interactive) return null;
      if (!this.shows(this._map.latLngToContainerPoint(latlng).x)) return null;
      const size = this.getTileSize().x;
      const at = this._map.project(latlng, this._tileZoom);
      const coords = { x: Math.floor(at.x / size), y: Math.floor(at.y / size), z: this._tileZoom };
      const record = this._records.get(this._tiles[this._tileCoordsToKey(coords)]?.el);
      if (!record?.tile) return null;
      return featureAt(record.tile, at.x - coords.x * size, at.y - coords.y * size, this._view(record));
    },

    /** True while a tile in view waits for the server to come back. */
    isFailing() {
      return [...this._records.values()].some((record) => record.tries > 0);
    },

    /** True while a tile in view is being asked, for the first time or again. */
    isWaiting() {
      return [...this._records.values()].some((record) => record.waiting);
    },

    /** Decoded tiles of the current zoom, for labels and counts. */
    currentTiles() {
      return [...this._records.values()].filter(
        (record) => record.tile && record.coords.z === this._tileZoom);
    },
  });
}
