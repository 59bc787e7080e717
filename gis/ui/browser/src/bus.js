/**
 * One bus per map (`map.wanmi`): it knows the map's tile layers, decides which feature a click means, keeps
 * the selection, and takes a declarative state from the page, so that the script that builds the map never
 * changes and the map is never rebuilt.
 */

/** Best of several hits: point before line before area, then the upper layer, then the nearer feature. */
export function arbitrate(hits) {
  return [...hits].sort((a, b) =>
    a.rank - b.rank || b.order - a.order || a.distance_px - b.distance_px)[0] ?? null;
}

/** "#map=15/39.92810/116.41640" ⇄ view. Returns null for anything else. */
export function viewFromHash(hash) {
  const match = /^#map=(\d{1,2}(?:\.\d+)?)\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/.exec(hash ?? '');
  if (!match) return null;
  const [zoom, lat, lng] = match.slice(1).map(Number);
  if (zoom > 22 || Math.abs(lat) > 85.06 || Math.abs(lng) > 180) return null;
  return { zoom, lat, lng };
}

export function hashOfView({ zoom, lat, lng }) {
  return `#map=${zoom}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
}

/** The GeoJSON a click reports to the page; `_seq` makes two clicks on one feature two answers. */
export function reportOf(best, all, latlng, seq) {
  const point = [Number(latlng.lng.toFixed(7)), Number(latlng.lat.toFixed(7))];
  return {
    type: 'Feature',
    id: best?.id ?? null,
    geometry: { type: 'Point', coordinates: point },
    properties: {
      ...best?.properties,
      _layer: best?.layer ?? null,
      _source: best?.source ?? null,
      _id: best?.id ?? null,
      _seq: seq,
      _also: all.map(({ layer, source, id }) => ({ layer, source, id })),
    },
  };
}

export function defineBus(L, Labels, Marks) {
  return class MapBus {
    constructor(map) {
      this.map = map;
      this.layers = new Map();
      this.selected = null;
      this.hovered = null;
      this.paused = false;
      this.words = {};
      this.reportClicks = true;
      this._applied = new Map();
      this._seq = 0;
      this._view = null;
      // streamlit-folium listens only to layers that are on the map when it starts: this one always is
      this.group = L.layerGroup().addTo(map);
      this.marks = new Marks(() => this._marked()).addTo(map);
      this.labels = new Labels(() => this.visible()).addTo(map);
      map.on('click', (event) => this._click(event));
      map.on('mousemove', (event) => this._hover(event));
      map.on('mouseout', (event) => this._over(null, event.latlng));
      map.on('moveend', () => this._writeLink());
    }

    /** Put a layer under the bus; it goes on the map when its option `visible` says so. */
    add(layer) {
      const { name } = layer.options;
      this.layers.get(name)?.remove();
      this.layers.set(name, layer);
      layer.on('wanmi:painted', () => { this.labels.askSoon(); this.marks.askSoon(); });
      layer.on('wanmi:marked', () => this.marks.ask());
      layer.on('add remove', () => { this.labels.ask(); this.marks.ask(); });
      layer.on('wanmi:unauthorised', () => {
        this.map.fire('wanmi:unauthorised');
        this._say(this.words.unauthorised);
      });
      layer.on('wanmi:unavailable', ({ error }) => { if (!error.final) this._say(this.words.unavailable); });
      layer.on('wanmi:available', () => { if (!this.isFailing()) this._say(null); });
      this._show(layer, layer.options.visible);
      return layer;
    }

    _show(layer, visible) {
      if (visible && !this.map.hasLayer(layer)) layer.addTo(this.map);
      if (!visible && this.map.hasLayer(layer)) layer.remove();
    }

    visible() {
      return [...this.layers.values()].filter((layer) => this.map.hasLayer(layer));
    }

    /** True while a visible layer waits for tiles. */
    isBusy() {
      return this.visible().some((layer) => layer.isLoading());
    }

    isFailing() {
      return this.visible().some((layer) => layer.isFailing());
    }

    /** What is to be highlighted on the layers that are shown: the feature under the pointer, then the selected ones. */
    _marked() {
      const found = [];
      for (const layer of this.visible()) {
        if (this.hovered?.layer === layer.options.name) found.push({ ...this.hovered, layer, isFaint: true });
        if (layer.selected) found.push({ ...layer.selected, layer, isFaint: false });
      }
      return found;
    }

    /** Every hit under a position, one per layer, best first; a finger points less exactly than a mouse. */
    hitsAt(latlng, finger = isFinger()) {
      const hits = [];
      for (const layer of this.visible()) {
        const hit = layer.query(latlng, finger);
        if (hit) hits.push({ ...hit, layer: layer.options.name, order: layer.options.zIndex ?? 1 });
      }
      const best = arbitrate(hits);
      return best ? [best, ...hits.filter((hit) => hit !== best)] : [];
    }

    _click(event) {
      if (this.paused) return;
      const hits = this.hitsAt(event.latlng, isFinger(event.originalEvent));
      const best = hits[0] ?? null;
      this.select(best && { layer: best.layer, source: best.source, id: best.id });
      this.map.fire('wanmi:click', { hits, latlng: event.latlng });
      if (!this.reportClicks) return;
      this._send(reportOf(best, hits, event.latlng, ++this._seq), event);
    }

    /** Tell the page something that is not a click: it gets a feature with these properties and `_seq`. */
    report(properties) {
      const latlng = this.map.getCenter();
      const report = reportOf(null, [], latlng, ++this._seq);
      Object.assign(report.properties, properties, { _seq: this._seq });
      this._send(report, { latlng });
    }

    _send(report, { latlng, originalEvent }) {
      this.group.fire('click', {
        latlng, feature: report, layer: { toGeoJSON: () => report }, originalEvent });
    }

    /** Once a frame, for where the pointer is by then: it may have moved on since it was asked. */
    _hover({ latlng }) {
      this._pointer = latlng;
      this._hoverAsked ||= requestAnimationFrame(() => {
        this._hoverAsked = 0;
        const at = this._pointer;
        this._over(this.paused ? null : this.hitsAt(at)[0] ?? null, at);
      });
    }

    /** The map fires `wanmi:hover` when another feature, or none (`layer` is null), comes under the pointer. */
    _over(hit, latlng) {
      this.map.getContainer().classList.toggle('wanmi-over', hit !== null);
      const before = this.hovered;
      if (before?.layer === hit?.layer && before?.source === hit?.source && before?.id === hit?.id) return;
      this.hovered = hit && { layer: hit.layer, source: hit.source, id: hit.id };
      this.marks.ask();
      this.map.fire('wanmi:hover', { layer: null, source: null, id: null, ...this.hovered, latlng });
    }

    /** Highlight one feature of one layer ({ layer, source, id }) and nothing else; null clears. */
    select(selected) {
      this.selected = selected;
      for (const [name, layer] of this.layers) {
        layer.select(selected?.layer === name ? { source: selected.source, id: selected.id } : null);
      }
    }

    /**
     * Bring the map to a state. Parts left out stay as they are; parts equal to the last call cost nothing.
     *
     * state = { layers: { name: { visible, opacity, rules, values, version, touched, order } },
     *           selected: { layer, source, id } | null,
     *           pin: [lat, lng] | null,
     *           view: { seq, bounds: [[s, w], [n, e]] } | { seq, center: [lat, lng], zoom } }
     * A view is taken once per `seq`: the map never jumps back on a later call.
     */
    apply(state) {
      for (const [name, patch] of Object.entries(state.layers ?? {})) this._patch(name, patch);
      if (state.selected !== undefined) this.select(state.selected);
      if (state.pin !== undefined) this._pin(state.pin);
      if (state.view && state.view.seq !== this._view) this._go(state.view);
    }

    _patch(name, patch) {
      const layer = this.layers.get(name);
      const text = JSON.stringify(patch);
      if (!layer || this._applied.get(name) === text) return;
      this._applied.set(name, text);
      if (patch.rules !== undefined) layer.setRules(patch.rules);
      if (patch.labels !== undefined) layer.setLabels(patch.labels);
      if (patch.values !== undefined) layer.setValues(patch.values);
      if (patch.opacity !== undefined) layer.setOpacity(patch.opacity);
      if (patch.order !== undefined) layer.setZIndex(patch.order);
      if (patch.version !== undefined) layer.setVersion(patch.version, patch.touched);
      if (patch.visible !== undefined) this._show(layer, patch.visible);
    }

    _go(view) {
      const first = this._view === null;
      this._view = view.seq;
      if (first && this._fromLink) return; // the link's own view wins over the page's first one
      if (view.bounds) this.map.fitBounds(view.bounds, { animate: false, maxZoom: view.zoom ?? 18 });
      else this.map.setView(view.center, view.zoom ?? this.map.getZoom(), { animate: false });
    }

    _pin(at) {
      this._pinMark?.remove();
      this._pinMark = at && L.circleMarker(at, {
        radius: 11, color: '#c2410c', weight: 3, fill: false, interactive: false }).addTo(this.map);
    }

    /**
     * Settle the map once: words for its messages, the first view, whether clicks are reported to the page
     * (the map fires `wanmi:click` in any case), and whether the address bar holds the view. It stands behind the "#" of the page around the frame: panning then costs the server nothing.
     */
    configure({ words = {}, home = null, viewInLink = false, prefix = false, scale = true,
      reportClicks = true, paper = null } = {}) {
      this.words = words;
      if (paper) this.map.getContainer().style.background = paper;
      this.reportClicks = reportClicks;
      this.map.attributionControl?.setPrefix(prefix);
      if (scale) L.control.scale({ imperial: false, maxWidth: 140 }).addTo(this.map);
      if (home) this._fitHome(home);
      if (!viewInLink) return;
      this._frame = outerWindow();
      this._page = this._frame.location.pathname;
      const view = viewFromHash(this._frame?.location.hash);
      this._fromLink = view !== null;
      if (view) this.map.setView([view.lat, view.lng], view.zoom, { animate: false });
      // the page rewrites its address when its own parameters change, and forgets what stood behind "#"
      setInterval(() => { if (!viewFromHash(this._frame.location.hash)) this._writeLink(); }, 1000);
    }

    /** Fit the first view; a frame that has no size yet is waited for. */
    _fitHome(home) {
      const fit = () => {
        this.map.invalidateSize();
        // whole zooms only; one that cuts a little off the edge shows more than one half empty
        const { zoomSnap } = this.map.options;
        this.map.options.zoomSnap = 0;
        const zoom = Math.floor(this.map.getBoundsZoom(home) + 0.25);
        this.map.options.zoomSnap = zoomSnap;
        this.map.setView(L.latLngBounds(home).getCenter(), zoom, { animate: false });
      };
      if (this.map.getSize().x > 0) fit();
      else this.map.once('resize', () => { if (!this._fromLink) fit(); });
    }

    _writeLink() {
      if (!this._frame) return;
      const { lat, lng } = this.map.getCenter();
      const { pathname, search } = this._frame.location;
      if (pathname !== this._page) return; // the page is being left: another one owns the address
      const address = pathname + search + hashOfView({ zoom: this.map.getZoom(), lat, lng });
      this._frame.history.replaceState(this._frame.history.state, '', address);
    }

    _say(text) {
      if (!text) { this._message?.remove(); this._message = null; return; }
      if (!this._message) {
        this._message = L.DomUtil.create('div', 'wanmi-message', this.map.getContainer());
        this._message.setAttribute('role', 'status');
      }
      this._message.textContent = text;
    }
  };
}

/** Whether somebody points with a finger: now, or with nothing at hand, usually on this device. */
function isFinger(event) {
  if (event?.pointerType) return event.pointerType === 'touch';
  return window.matchMedia?.('(pointer: coarse)').matches ?? false;
}

/** The page around the map's frame, when it is ours to read; else the frame itself. */
function outerWindow() {
  try {
    return window.parent.location.origin === window.location.origin ? window.parent : window;
  } catch {
    return window;
  }
}
