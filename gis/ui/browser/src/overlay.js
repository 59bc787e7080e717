/**
 * A pane above all tiles that is drawn once for the whole view and a little around it, follows the map while it
 * moves or zooms, and is drawn anew when it rests. Labels and marks stand on such panes.
 */
export const MARGIN = 160; // CSS pixels drawn beyond the view, so that a short pan shows them at once
const SOON_MS = 180; // while tiles come in one by one, one drawing for several of them

export function defineOverlay(L) {
  return L.Layer.extend({
    initialize(name, order) {
      this._name = name;
      this._order = order;
      this._asked = 0;
      this._soon = 0;
    },

    onAdd(map) {
      const pane = map.getPane(this._name) ?? map.createPane(this._name);
      pane.style.zIndex = this._order;
      pane.style.pointerEvents = 'none';
      this._frame = L.DomUtil.create('div', `${this._name} leaflet-zoom-animated`, pane);
      this._zoom = map._loaded ? map.getZoom() : null;
    },

    onRemove() {
      cancelAnimationFrame(this._asked);
      clearTimeout(this._soon);
      L.DomUtil.remove(this._frame);
    },

    getEvents() {
      const follow = () => this._follow(this._map.getCenter(), this._map.getZoom());
      return { moveend: this.ask, resize: this.ask, zoomend: this.ask, zoom: follow, viewreset: follow,
        zoomanim: ({ center, zoom }) => this._follow(center, zoom) };
    },

    /** Draw at the next frame. */
    ask() {
      if (this._asked) return;
      this._asked = requestAnimationFrame(() => {
        this._asked = 0;
        clearTimeout(this._soon);
        this._soon = 0;
        if (this._map?._loaded) this._drawAll();
      });
    },

    /** Draw before long, once for all that ask meanwhile. */
    askSoon() {
      this._soon ||= setTimeout(() => { this._soon = 0; this.ask(); }, SOON_MS);
    },

    /** Scale the last drawing to a view on its way. */
    _follow(center, zoom) {
      if (!this._corner || this._zoom === null) return;
      const scale = this._map.getZoomScale(zoom, this._zoom);
      L.DomUtil.setTransform(this._frame, this._map._latLngToNewLayerPoint(this._corner, zoom, center), scale);
    },

    _drawAll() {
      const map = this._map;
      const at = map.containerPointToLayerPoint([-MARGIN, -MARGIN]);
      this._zoom = map.getZoom();
      this._corner = map.layerPointToLatLng(at);
      L.DomUtil.setTransform(this._frame, at, 1);
      const size = map.getSize();
      this._draw({ origin: map.getPixelOrigin().add(at), width: size.x + 2 * MARGIN, height: size.y + 2 * MARGIN,
        ratio: Math.min(window.devicePixelRatio || 1, 3) });
    },

    /** A canvas as large as the pane, emptied, measured in CSS pixels; returns its context. */
    _clear(canvas, { width, height, ratio }) {
      const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== across || canvas.height !== down) {
        canvas.width = across;
        canvas.height = down;
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
      }
      const context = canvas.getContext('2d');
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      return context;
    },
  });
}
