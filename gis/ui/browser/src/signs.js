/**
 * Signs: what stands on points and is to be read, counted circles, large circles and pictures. Labels keep off them.
 */
import { POINT } from './decode.js';
import { filterOf, isInZoom, mostOf, resolve } from './style.js';

const CIRCLE_LEAST_PX = 5; // smaller ones are dots: a label may lie on them
const ICON_LEAST_PX = 14;
const GAP_PX = 2;

/** What makes a sign of a rule: { spec of its size, half: size → reach, least size }; null for lines and areas. */
function shapeOf({ kind, radius, size, text }) {
  if (kind === 'circle') return { spec: radius ?? 3, half: 1, least: text ? 0 : CIRCLE_LEAST_PX };
  return kind === 'icon' ? { spec: size ?? 18, half: 0.5, least: ICON_LEAST_PX } : null;
}

/**
 * Signs of one decoded tile, in CSS pixels of the world: { owner, x, y, reach }; the owner is `source|id`.
 *
 * @param {object} view  zoom, joined, now and range (style.js)
 * @param {number} grow  how much larger the world is than at the tile's own zoom
 */
export function* signsOf({ tile, coords: { x: column, y: row } }, rules, size, view, grow = 1) {
  for (const rule of rules) {
    const layer = tile.get(rule.source);
    const shape = shapeOf(rule);
    if (!layer || !shape || !isInZoom(rule, view.zoom) || mostOf(shape.spec, view) < shape.least) continue;
    const side = size * grow;
    const passes = filterOf(rule, layer, view.range);
    for (let index = 0; index < layer.length; index++) {
      if (layer.types[index] !== POINT || !passes(index)) continue;
      const wide = resolve(shape.spec, layer, index, view);
      if (wide < shape.least || (resolve(rule.color, layer, index, view) ?? null) === null) continue;
      const v = 2 * layer.vertices[layer.rings[index]];
      yield { owner: `${rule.source}|${layer.ids[index]}`, reach: wide * shape.half + GAP_PX,
        x: (column + layer.coords[v] / layer.extent) * side, y: (row + layer.coords[v + 1] / layer.extent) * side };
    }
  }
}
