/**
 * Labels are placed once for the whole view, on their own canvas above all tiles, so that no label is cut at
 * a tile's edge or repeated beside it. Higher priority (lower number) is placed first; what would overlap a
 * placed label is left out.
 *
 * A label rule: { source, text (attribute), filter, minzoom, maxzoom, size, weight, color, halo, priority (number, or
 * attribute name), spacing (CSS pixels between equal texts on lines) }.
 */
import { LINE, POINT } from './decode.js';
import { filterOf, isInZoom, resolve } from './style.js';

const MARGIN = 200; // CSS pixels painted beyond the view, so that a short pan shows labels at once
const FAMILY = '"Noto Sans SC", "Noto Sans CJK SC", sans-serif';

/** A set of rectangles that answers "is this place free" by cells, not by comparing all pairs. */
export class Occupied {
  constructor(cell = 64) {
    this.cell = cell;
    this.cells = new Map();
  }

  * keys([west, north, east, south]) {
    for (let i = Math.floor(west / this.cell); i <= Math.floor(east / this.cell); i++) {
      for (let j = Math.floor(north / this.cell); j <= Math.floor(south / this.cell); j++) yield `${i}:${j}`;
    }
  }

  /** Take the rectangle if nothing is there; true when it was free. */
  take(box) {
    for (const key of this.keys(box)) {
      for (const other of this.cells.get(key) ?? []) {
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return false;
      }
    }
    for (const key of this.keys(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
    return true;
  }
}

/** Middle of a line and the direction there, in tile units; the angle never turns text upside down. */
export function middleOfLine(layer, ring) {
  const { coords, vertices } = layer;
  const steps = [];
  let total = 0;
  for (let v = vertices[ring] + 1; v < vertices[ring + 1]; v++) {
    const step = Math.hypot(coords[2 * v] - coords[2 * v - 2], coords[2 * v + 1] - coords[2 * v - 1]);
    steps.push(step);
    total += step;
  }
  let left = total / 2;
  for (let i = 0; i < steps.length; i++) {
    if (left > steps[i] && i < steps.length - 1) { left -= steps[i]; continue; }
    const v = vertices[ring] + i;
    const share = steps[i] === 0 ? 0 : left / steps[i];
    const dx = coords[2 * v + 2] - coords[2 * v];
    const dy = coords[2 * v + 3] - coords[2 * v + 1];
    let angle = Math.atan2(dy, dx);
    if (angle > Math.PI / 2) angle -= Math.PI;
    if (angle <= -Math.PI / 2) angle += Math.PI;
    return { x: coords[2 * v] + share * dx, y: coords[2 * v + 1] + share * dy, angle, length: total };
  }
  return null;
}

function priorityOf(rule, layer, index) {
  if (typeof rule.priority === 'string') return layer.get(index, rule.priority) ?? 1e9;
  return rule.priority ?? 1e6;
}

function* anchorsOf(layer, index) {
  if (layer.types[index] === POINT) {
    const v = layer.vertices[layer.rings[index]];
    yield { x: layer.coords[2 * v], y: layer.coords[2 * v + 1], angle: 0, length: Infinity };
  } else if (layer.types[index] === LINE) {
    for (let ring = layer.rings[index]; ring < layer.rings[index + 1]; ring++) {
      const middle = middleOfLine(layer, ring);
      if (middle) yield middle;
    }
  }
}

/** Label candidates of one decoded tile, in CSS pixels of the world at the tile's zoom. */
export function* candidatesOf(record, rules, size, range = null) {
  for (const rule of rules) {
    const layer = record.tile.get(rule.source);
    if (!layer || !isInZoom(rule, record.coords.z)) continue;
    const scale = size / layer.extent;
    const passes = filterOf(rule, layer, range);
    for (let index = 0; index < layer.length; index++) {
      if (!passes(index)) continue;
      const text = layer.get(index, rule.text);
      if (text === undefined || text === null || text === '') continue;
      for (const anchor of anchorsOf(layer, index)) {
        // a point in a tile's margin belongs to the neighbour, which labels it itself
        if (anchor.x < 0 || anchor.y < 0 || anchor.x >= layer.extent || anchor.y >= layer.extent) continue;
        yield { rule, text: String(text), priority: priorityOf(rule, layer, index), angle: anchor.angle,
          length: anchor.length * scale, size: resolve(rule.size ?? 12, layer, index, record.coords.z),
          x: record.coords.x * size + anchor.x * scale, y: record.coords.y * size + anchor.y * scale };
      }
    }
  }
}

/** Thin candidates to those that fit. `measure(text, font)` gives a width in CSS pixels. */
export function place(candidates, measure) {
  const occupied = new Occupied();
  const lines = new Map();
  const placed = [];
  candidates.sort((a, b) => a.priority - b.priority || (a.text < b.text ? -1 : 1));
  for (const label of candidates) {
    label.font = `${label.rule.weight ?? 400} ${label.size}px ${FAMILY}`;
    const width = measure(label.text, label.font);
    if (width > label.length * 1.1) continue;
    const spacing = Number.isFinite(label.length) ? (label.rule.spacing ?? 260) : 0;
    const before = lines.get(label.text) ?? [];
    if (spacing && before.some((p) => Math.hypot(p.x - label.x, p.y - label.y) < spacing)) continue;
    const half = [
      (Math.abs(Math.cos(label.angle)) * width + Math.abs(Math.sin(label.angle)) * label.size) / 2 + 2,
      (Math.abs(Math.sin(label.angle)) * width + Math.abs(Math.cos(label.angle)) * label.size) / 2 + 2];
    if (!occupied.take([label.x - half[0], label.y - half[1], label.x + half[0], label.y + half[1]])) continue;
    if (spacing) lines.set(label.text, [...before, label]);
    placed.push(label);
  }
  return placed;
}

function drawLabel(context, label, origin) {
  context.save();
  context.translate(label.x - origin.x, label.y - origin.y);
  context.rotate(label.angle);
  context.font = label.font;
  context.lineWidth = 3;
  context.strokeStyle = label.rule.halo ?? 'rgba(255,255,255,0.9)';
  context.fillStyle = label.rule.color ?? '#33393b';
  context.strokeText(label.text, 0, 0);
  context.fillText(label.text, 0, 0);
  context.restore();
}

export function defineLabels(L) {
  return L.Layer.extend({
    initialize(layersOf) {
      this._layersOf = layersOf;
      this._asked = 0;
    },

    onAdd(map) {
      const pane = map.getPane('wanmi-labels') ?? map.createPane('wanmi-labels');
      pane.style.zIndex = 450;
      pane.style.pointerEvents = 'none';
      this._canvas = L.DomUtil.create('canvas', 'wanmi-labels', pane);
      // a font that arrives later would leave boxes behind
      this._onFonts = () => this.ask();
      document.fonts?.addEventListener('loadingdone', this._onFonts);
    },

    onRemove() {
      document.fonts?.removeEventListener('loadingdone', this._onFonts);
      L.DomUtil.remove(this._canvas);
    },

    getEvents() {
      return { moveend: this.ask, resize: this.ask, zoomend: this.ask,
        zoomstart: () => { this._canvas.style.opacity = 0; } };
    },

    /** Draw at the next frame. */
    ask() {
      if (this._asked) return;
      this._asked = requestAnimationFrame(() => { this._asked = 0; if (this._map) this._draw(); });
    },

    _resize() {
      const { x, y } = this._map.getSize();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const [width, height] = [x + 2 * MARGIN, y + 2 * MARGIN];
      if (this._canvas.width !== Math.round(width * ratio) || this._canvas.height !== Math.round(height * ratio)) {
        this._canvas.width = Math.round(width * ratio);
        this._canvas.height = Math.round(height * ratio);
        this._canvas.style.width = `${width}px`;
        this._canvas.style.height = `${height}px`;
      }
      return { ratio, width, height };
    },

    _candidates(origin, width, height) {
      const found = [];
      for (const layer of this._layersOf()) {
        const size = layer.getTileSize().x;
        for (const record of layer.currentTiles()) {
          for (const label of candidatesOf(record, layer.options.labels, size, layer.range)) {
            const [x, y] = [label.x - origin.x, label.y - origin.y];
            if (x > 0 && y > 0 && x < width && y < height && layer.shows(x - MARGIN)) found.push(label);
          }
        }
      }
      return found;
    },

    _draw() {
      const map = this._map;
      const { ratio, width, height } = this._resize();
      const corner = map.containerPointToLayerPoint([-MARGIN, -MARGIN]);
      L.DomUtil.setPosition(this._canvas, corner);
      const origin = map.getPixelOrigin().add(corner);
      const context = this._canvas.getContext('2d');
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      const measure = (text, font) => { context.font = font; return context.measureText(text).width; };
      const placed = place(this._candidates(origin, width, height), measure);
      for (const label of placed.reverse()) drawLabel(context, label, origin);
      this._canvas.style.opacity = 1;
      this.count = placed.length;
    },
  });
}
