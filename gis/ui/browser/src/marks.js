/**
 * The feature that is selected and the one under the pointer, on a pane of their own: a highlight costs one
 * outline, not a repaint of the tiles, and follows when tiles come or go.
 */
import { POINT } from './decode.js';
import { MARGIN, defineOverlay } from './overlay.js';
import { traceLines } from './trace.js';

/** Indices of the features with an id (a feature cut by tiles has one part in each). */
export function indicesOf(layer, id) {
  const found = [];
  for (let index = layer.ids.indexOf(id); index >= 0; index = layer.ids.indexOf(id, index + 1)) found.push(index);
  return found;
}

function tracePart(path, source, index, scale, radius) {
  if (source.types[index] !== POINT) { traceLines(path, source, index, scale); return; }
  const vertex = source.vertices[source.rings[index]];
  const [x, y] = [source.coords[2 * vertex] * scale, source.coords[2 * vertex + 1] * scale];
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
}

export function defineMarks(L) {
  const Overlay = defineOverlay(L);

  return Overlay.extend({
    /** @param marksOf  gives the marks: { layer, source, id, isFaint } */
    initialize(marksOf) {
      Overlay.prototype.initialize.call(this, 'wanmi-marks', 440);
      this._marksOf = marksOf;
      this.count = 0;
    },

    onAdd(map) {
      Overlay.prototype.onAdd.call(this, map);
      this._canvas = L.DomUtil.create('canvas', '', this._frame);
    },

    _draw(view) {
      const marks = this._marksOf();
      if (!marks.length) {
        this._canvas.width = this._canvas.height = 0; // takes no memory while nothing is marked
        this.count = 0;
        return;
      }
      const context = this._clear(this._canvas, view);
      this.count = 0;
      for (const mark of marks) this._mark(context, mark, view);
    },

    _mark(context, { layer, source, id, isFaint }, view) {
      const size = layer.getTileSize().x;
      const [from, to] = layer.span(view.width);
      for (const { tile, coords } of layer.currentTiles()) {
        const found = tile.get(source);
        if (!found) continue;
        for (const index of indicesOf(found, id)) {
          context.save();
          context.beginPath(); // what is right or left of the clip, then what lies in the tile's own box
          context.rect(from + MARGIN, 0, to - from, view.height);
          context.clip();
          context.translate(coords.x * size - view.origin.x, coords.y * size - view.origin.y);
          this._part(context, found, index, { size, isFaint, look: layer.options.mark });
          context.restore();
          this.count++;
        }
      }
    },

    _part(context, source, index, { size, isFaint, look }) {
      const isPoint = source.types[index] === POINT;
      if (!isPoint) {
        context.beginPath();
        context.rect(0, 0, size, size);
        context.clip();
      }
      const path = new Path2D();
      tracePart(path, source, index, size / source.extent, look.radius);
      context.lineJoin = 'round';
      context.lineCap = 'round';
      const lines = isFaint ? [[look.color, look.width / 2 + 0.5]]
        : [[look.halo, look.width + 3], [look.color, look.width]];
      context.globalAlpha = isFaint ? 0.75 : 1;
      for (const [color, width] of lines) {
        context.strokeStyle = color;
        context.lineWidth = width;
        context.stroke(path);
      }
    },
  });
}
