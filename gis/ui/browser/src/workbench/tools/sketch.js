/**
 * Drawing on the map by pointer, finger or keyboard.
 *
 * Points: a click or tap sets one, Space sets one in the middle of the map; Backspace takes the last one back; Enter,
 * a double click, or a second tap on the last (or first) point finishes. A rectangle is two corners, or one pull. A
 * lasso is one pull. While a sketch runs the map identifies nothing.
 */
import { thinned } from './outline.js';
import { takesKeys } from './parts.js';

const SAME_PX = 6; // two clicks this near and this quick are one double click
const SAME_MS = 350;
const CLOSING_PX = 12;
const PULL_PX = 6;
const LEAST = { line: 2, polygon: 3, rectangle: 2, lasso: 3 };
export const LOOK = { color: '#0b6e6e', halo: '#ffffff', fill: '#0b8a8a' };

/** The four corners of a rectangle between two opposite ones. */
export function corners([x0, y0], [x1, y1]) {
  const [west, east] = [Math.min(x0, x1), Math.max(x0, x1)];
  const [south, north] = [Math.min(y0, y1), Math.max(y0, y1)];
  return [[west, south], [east, south], [east, north], [west, north]];
}

/** What a sketch looks like: a light casing, the line, its points; `closed` fills it. */
export function drawn(L, points, { closed = false, dashed = null, dots = true } = {}) {
  const at = points.map(([lng, lat]) => [lat, lng]);
  const Shape = closed && at.length > 2 ? L.polygon : L.polyline;
  const common = { interactive: false, lineJoin: 'round', bubblingMouseEvents: true };
  const parts = [
    Shape(at, { ...common, color: LOOK.halo, weight: 6, opacity: 0.85, fill: false }),
    Shape(at, { ...common, color: LOOK.color, weight: 2.5, dashArray: dashed, fillColor: LOOK.fill, fillOpacity: 0.14,
      fill: closed && at.length > 2 }),
  ];
  if (dots) {
    parts.push(...at.map((place) => L.circleMarker(place, { ...common, radius: 4.5, color: LOOK.color, weight: 2,
      fillColor: LOOK.halo, fillOpacity: 1 })));
  }
  return L.layerGroup(parts);
}

export class Sketch {
  /**
   * @param onChange  `(points, { hover })` after every change; `hover` is the point under the pointer or null
   * @param onDone    `(points)`: corners of the finished shape, the closing point left out
   */
  constructor(bench, { shape = 'line', onChange = () => {}, onDone = () => {} }) {
    Object.assign(this, { bench, map: bench.map, shape, onChange, onDone });
    this.points = [];
    this.hover = null;
    this._layer = bench.L.layerGroup();
    this._ends = [];
  }

  get isClosed() { return this.shape !== 'line'; }
  get isPulled() { return this.shape === 'lasso' || this.shape === 'rectangle'; }

  start() {
    const { map } = this;
    const box = map.getContainer();
    this._wasPaused = this.bench.bus.paused;
    this.bench.bus.paused = true;
    this._layer.addTo(map);
    this._byKeys = false;
    box.classList.add('wt-drawing');
    map.doubleClickZoom.disable();
    if (this.isPulled) { map.dragging.disable(); box.classList.add('wt-pulling'); }
    const on = { click: (e) => this._click(e), dblclick: () => { if (this._isDouble) this.finish(); },
      mousemove: (e) => { if (!this._byTouch) this._move(e.latlng); },
      mouseout: () => this._move(null), move: () => this._follow() };
    map.on(on);
    this._ends.push(() => map.off(on));
    this._listen(this.bench.root, 'keydown', (event) => this._key(event));
    const who = ({ pointerType }) => { this._byKeys = false; this._byTouch = pointerType === 'touch'; };
    this._listen(box, 'pointermove', who);
    this._listen(box, 'pointerdown', who); // browsers follow a tap with the moves of a mouse that is not there
    if (this.isPulled) this._listenToPulls(box);
    return this;
  }

  stop() {
    for (const end of this._ends.splice(0)) end();
    const { map } = this;
    map.getContainer().classList.remove('wt-drawing', 'wt-pulling');
    map.doubleClickZoom.enable();
    map.dragging.enable();
    this._layer.remove();
    if (this._asked) cancelAnimationFrame(this._asked);
    this.bench.bus.paused = this._wasPaused;
  }

  _listen(target, name, listener) {
    target.addEventListener(name, listener);
    this._ends.push(() => target.removeEventListener(name, listener));
  }

  /** Take the last point back. */
  undo() {
    this.points.pop();
    this._changed();
  }

  reset() {
    this.points = [];
    this.hover = null;
    this._changed();
  }

  /** End the shape when it has points enough; answers whether it had. */
  finish() {
    if (this.points.length < LEAST[this.shape]) return false;
    const points = this.shape === 'rectangle' ? corners(this.points[0], this.points[1]) : this.points;
    this.reset();
    this.onDone(points);
    return true;
  }

  add(latlng) {
    this.points.push([latlng.lng, latlng.lat]);
    if (this.shape === 'rectangle' && this.points.length === 2) { this.finish(); return; }
    this._changed();
  }

  _far(point, event) {
    return this.map.latLngToContainerPoint([point[1], point[0]]).distanceTo(event.containerPoint);
  }

  _click(event) {
    if (this._pulled || this.shape === 'lasso') return;
    const { x, y } = event.containerPoint;
    const now = performance.now();
    const last = this._last;
    this._last = { x, y, now };
    // Leaflet takes two quick taps far apart for a double click too: the place decides
    this._isDouble = Boolean(last) && now - last.now < SAME_MS && Math.hypot(x - last.x, y - last.y) < SAME_PX;
    if (this._isDouble) return;
    const [first, end] = [this.points[0], this.points.at(-1)];
    const closes = this.shape === 'polygon' && this.points.length > 2 && this._far(first, event) < CLOSING_PX;
    if (this.shape !== 'rectangle' && end && (closes || this._far(end, event) < SAME_PX) && this.finish()) return;
    this.hover = null;
    this.add(event.latlng);
  }

  _move(latlng) {
    this.hover = latlng && [latlng.lng, latlng.lat];
    this._changed();
  }

  /** The middle of the map, which a cross marks, is the pointer of those who use the keyboard. */
  _follow() {
    if (!this._byKeys || this.points.length === 0) return;
    this._move(this.map.getCenter());
  }

  _key(event) {
    if (takesKeys(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith('Arrow') || event.key === ' ') this._byKeys = true;
    const act = { Backspace: () => this.undo(), Delete: () => this.undo(), Enter: () => this.finish(),
      ' ': () => { if (this.shape !== 'lasso') this.add(this.map.getCenter()); } }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  _listenToPulls(box) {
    let from = null;
    this._listen(box, 'pointerdown', (event) => {
      this._pulled = false;
      if (event.button !== 0 || !event.isPrimary || !event.target.closest('.leaflet-map-pane, .leaflet-container')
        || event.target.closest('.leaflet-control')) return;
      from = { x: event.clientX, y: event.clientY };
    });
    this._listen(window, 'pointermove', (event) => {
      if (!from || !event.isPrimary) return;
      if (!this._pulled && Math.hypot(event.clientX - from.x, event.clientY - from.y) < PULL_PX) return;
      this._pull(event, from);
    });
    for (const name of ['pointerup', 'pointercancel']) {
      this._listen(window, name, (event) => {
        if (from && this._pulled && event.isPrimary) this._letGo(name === 'pointerup');
        from = null;
      });
    }
  }

  _pull(event, from) {
    const at = (place) => {
      const { lng, lat } = this.map.mouseEventToLatLng(place);
      return [lng, lat];
    };
    if (!this._pulled) {
      this._pulled = true;
      this.bench.L.DomUtil.disableTextSelection();
      this.points = [at({ clientX: from.x, clientY: from.y })];
    }
    if (this.shape === 'lasso') this.points.push(at(event));
    this.hover = at(event);
    this._changed();
  }

  _letGo(isMeant) {
    this.bench.L.DomUtil.enableTextSelection();
    if (!isMeant) { this.reset(); return; }
    if (this.shape === 'rectangle') this.points.push(this.hover);
    else this.points = this._smoothed();
    if (!this.finish()) this.reset();
  }

  /** A lasso has a point per movement of the hand: only those stay that show on the screen. */
  _smoothed() {
    const { map } = this;
    const pixels = this.points.map(([lng, lat]) => map.latLngToLayerPoint([lat, lng]));
    const kept = thinned(pixels, (points, tolerance) => this.bench.L.LineUtil.simplify(points, tolerance));
    return kept.map((point) => { const { lng, lat } = map.layerPointToLatLng(point); return [lng, lat]; });
  }

  _changed() {
    if (this._asked) return;
    this._asked = requestAnimationFrame(() => {
      this._asked = 0;
      this._draw();
      this.onChange(this.points, { hover: this.points.length ? this.hover : null });
    });
  }

  _draw() {
    const { L } = this.bench;
    const live = this.hover && this.points.length ? [...this.points, this.hover] : this.points;
    this._layer.clearLayers();
    if (!live.length) return;
    const isBox = this.shape === 'rectangle' && live.length > 1;
    const points = isBox ? corners(live[0], live.at(-1)) : live;
    drawn(L, points, { closed: this.isClosed, dashed: '6 5', dots: false }).addTo(this._layer);
    if (this.shape !== 'lasso') for (const point of this.points) drawn(L, [point]).addTo(this._layer);
  }
}
