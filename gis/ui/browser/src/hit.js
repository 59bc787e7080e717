/**
 * Which feature lies under the pointer. Points win over lines, lines over areas; within a kind the nearest
 * wins, and among areas the one painted last.
 */
import { LINE, POINT } from './decode.js';
import { filterOf, isInZoom, mostOf, resolve } from './style.js';

export const RANK = { circle: 0, icon: 0, line: 1, fill: 2 };

/** Distance from (x, y) to the segment (ax, ay)–(bx, by). */
export function distanceToSegment(x, y, ax, ay, bx, by) {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length2));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

function distanceToLines(layer, index, x, y) {
  const { coords, vertices } = layer;
  let best = Infinity;
  for (let ring = layer.rings[index]; ring < layer.rings[index + 1]; ring++) {
    for (let v = vertices[ring] + 1; v < vertices[ring + 1]; v++) {
      const distance = distanceToSegment(
        x, y, coords[2 * v - 2], coords[2 * v - 1], coords[2 * v], coords[2 * v + 1]);
      if (distance < best) best = distance;
    }
  }
  return best;
}

function distanceToPoints(layer, index, x, y) {
  let best = Infinity;
  const end = layer.vertices[layer.rings[index + 1]];
  for (let v = layer.vertices[layer.rings[index]]; v < end; v++) {
    best = Math.min(best, Math.hypot(x - layer.coords[2 * v], y - layer.coords[2 * v + 1]));
  }
  return best;
}

/** True when (x, y) lies inside the polygon, holes taken out. Edges belong to the right and lower side. */
export function isInside(layer, index, x, y) {
  const { coords, vertices } = layer;
  let inside = false;
  for (let ring = layer.rings[index]; ring < layer.rings[index + 1]; ring++) {
    const first = vertices[ring];
    const end = vertices[ring + 1];
    for (let v = first, w = end - 1; v < end; w = v++) {
      const [vx, vy, wx, wy] = [coords[2 * v], coords[2 * v + 1], coords[2 * w], coords[2 * w + 1]];
      if (vy > y !== wy > y && x < ((wx - vx) * (y - vy)) / (wy - vy) + vx) inside = !inside;
    }
  }
  return inside;
}

const SIZES = {
  circle: (rule, read) => read(rule.radius ?? 3),
  icon: (rule, read) => read(rule.size ?? 18) / 2,
  line: (rule, read) => read(rule.width ?? 1) / 2,
};

/** CSS pixels around the geometry that belong to the feature; `read` makes a number of a spec. */
function reachOf(rule, tolerance, read) {
  return rule.kind === 'fill' ? 0 : SIZES[rule.kind](rule, read) + tolerance;
}

function distanceOf(layer, index, x, y) {
  if (layer.types[index] === POINT) return distanceToPoints(layer, index, x, y);
  if (layer.types[index] === LINE) return distanceToLines(layer, index, x, y);
  return isInside(layer, index, x, y) ? 0 : Infinity;
}

function isNearBox(boxes, index, x, y, reach) {
  const at = index * 4;
  return x >= boxes[at] - reach && y >= boxes[at + 1] - reach
    && x <= boxes[at + 2] + reach && y <= boxes[at + 3] + reach;
}

function nearest(rule, layer, x, y, view) {
  const { scale, tolerance } = view;
  const passes = filterOf(rule, layer, view.range);
  const most = reachOf(rule, tolerance, (spec) => mostOf(spec, view)) / scale;
  let best = null;
  for (let index = layer.length - 1; index >= 0; index--) {
    if (!isNearBox(layer.boxes, index, x, y, most) || !passes(index)) continue;
    const reach = reachOf(rule, tolerance, (spec) => resolve(spec, layer, index, view)) / scale;
    const distance = distanceOf(layer, index, x, y);
    if (distance > reach || (best && distance >= best.distance)) continue;
    if ((resolve(rule.color, layer, index, view) ?? null) === null) continue;
    best = { index, distance };
    if (rule.kind === 'fill') break;
  }
  return best;
}

/**
 * The feature at a point of one tile, or null.
 *
 * @param {Map<string, SourceLayer>} tile
 * @param {number} px, py  CSS pixels from the tile's north-west corner
 * @param {object} view  rules, zoom, size (CSS pixels), joined, now and range (style.js), tolerance (CSS pixels
 *                       around points and lines)
 * @returns {{source, id, index, rank, distance_px, properties}|null}
 */
export function featureAt(tile, px, py, view) {
  let best = null;
  for (let at = view.rules.length - 1; at >= 0; at--) {
    const rule = view.rules[at];
    const layer = tile.get(rule.source);
    if (!layer || rule.interactive === false || !isInZoom(rule, view.zoom)) continue;
    const rank = RANK[rule.kind];
    if (best && rank > best.rank) continue;
    const scale = view.size / layer.extent;
    const found = nearest(rule, layer, px / scale, py / scale, { ...view, scale });
    if (!found) continue;
    const distance = found.distance * scale;
    if (best && rank === best.rank && distance >= best.distance_px) continue;
    best = { source: rule.source, id: layer.id(found.index), index: found.index, rank,
      distance_px: distance, properties: layer.properties(found.index) };
  }
  return best;
}
