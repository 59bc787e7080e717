/**
 * Decoded tiles → canvas. Features that look alike are traced into one path: a tile of ten thousand squares
 * in seven colours costs seven fills, not ten thousand.
 */
import { POINT, POLYGON } from './decode.js';
import { filterOf, isConstant, isInZoom, resolve } from './style.js';

const FULL_CIRCLE = 2 * Math.PI;

function traceLines(context, layer, index, scale) {
  const closed = layer.types[index] === POLYGON;
  const { coords, vertices } = layer;
  for (let ring = layer.rings[index]; ring < layer.rings[index + 1]; ring++) {
    const end = vertices[ring + 1];
    let vertex = vertices[ring];
    if (vertex === end) continue;
    context.moveTo(coords[2 * vertex] * scale, coords[2 * vertex + 1] * scale);
    for (vertex++; vertex < end; vertex++) {
      context.lineTo(coords[2 * vertex] * scale, coords[2 * vertex + 1] * scale);
    }
    if (closed) context.closePath();
  }
}

function traceCircles(context, layer, index, scale, radius) {
  const first = layer.vertices[layer.rings[index]];
  const end = layer.vertices[layer.rings[index + 1]];
  for (let vertex = first; vertex < end; vertex++) {
    const x = layer.coords[2 * vertex] * scale;
    const y = layer.coords[2 * vertex + 1] * scale;
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, FULL_CIRCLE);
  }
}

const LOOKS = ['color', 'width', 'radius', 'opacity'];

function lookOf(rule, layer, index, zoom, values) {
  const look = {};
  for (const name of LOOKS) {
    if (rule[name] !== undefined) look[name] = resolve(rule[name], layer, index, zoom, values);
  }
  return look;
}

/** Features of one rule by equal look: a list of { look, features }, in order of first appearance. */
export function groupsOf(rule, layer, zoom, values, range) {
  const passes = filterOf(rule, layer, range);
  const varying = LOOKS.filter((name) => rule[name] !== undefined && !isConstant(rule[name]));
  const groups = new Map();
  for (let index = 0; index < layer.length; index++) {
    if (!passes(index)) continue;
    let key = '';
    for (const name of varying) key += `${resolve(rule[name], layer, index, zoom, values)}|`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { look: lookOf(rule, layer, index, zoom, values), features: [] };
      groups.set(key, group);
    }
    group.features.push(index);
  }
  return [...groups.values()].filter(({ look }) => (look.color ?? null) !== null);
}

function strokeLines(context, rule, layer, groups, scale, zoom) {
  context.lineJoin = 'round';
  context.lineCap = rule.dash ? 'butt' : (rule.cap ?? 'round');
  const paths = groups.map(({ look, features }) => {
    const path = new Path2D();
    for (const index of features) traceLines(path, layer, index, scale);
    return { look, path };
  });
  if (rule.casing) {
    const extra = 2 * resolve(rule.casing.width ?? 1, layer, 0, zoom);
    context.strokeStyle = rule.casing.color;
    for (const { look, path } of paths) {
      context.globalAlpha = rule.casing.opacity ?? 1;
      context.lineWidth = (look.width ?? 1) + extra;
      context.stroke(path);
    }
  }
  context.setLineDash(rule.dash ?? []);
  for (const { look, path } of paths) {
    context.globalAlpha = look.opacity ?? 1;
    context.strokeStyle = look.color;
    context.lineWidth = look.width ?? 1;
    if (look.width === undefined || look.width > 0) context.stroke(path);
  }
  context.setLineDash([]);
}

function fillAreas(context, rule, layer, groups, scale, zoom) {
  const outline = rule.outline && isInZoom(rule.outline, zoom) ? rule.outline : null;
  for (const { look, features } of groups) {
    if (look.opacity === 0 && !outline) continue; // there to be clicked, not to be seen
    const path = new Path2D();
    for (const index of features) traceLines(path, layer, index, scale);
    context.globalAlpha = look.opacity ?? 1;
    context.fillStyle = look.color;
    // "nonzero": tiles wind holes against their shell, and areas that overlap must not cut holes in each other
    if (look.opacity !== 0) context.fill(path, 'nonzero');
    if (!outline) continue;
    context.globalAlpha = outline.opacity ?? 1;
    context.strokeStyle = outline.color;
    context.lineWidth = resolve(outline.width ?? 1, layer, 0, zoom);
    context.setLineDash(outline.dash ?? []);
    context.stroke(path);
    context.setLineDash([]);
  }
}

function fillCircles(context, rule, layer, groups, scale, zoom) {
  for (const { look, features } of groups) {
    const path = new Path2D();
    for (const index of features) traceCircles(path, layer, index, scale, look.radius ?? 3);
    context.globalAlpha = look.opacity ?? 1;
    if (rule.outline && isInZoom(rule.outline, zoom)) {
      context.strokeStyle = rule.outline.color;
      context.lineWidth = 2 * resolve(rule.outline.width ?? 1, layer, 0, zoom);
      context.stroke(path);
    }
    context.fillStyle = look.color;
    context.fill(path);
  }
}

const PAINTERS = { fill: fillAreas, line: strokeLines, circle: fillCircles };

function paintSelection(context, layer, index, scale, mark) {
  const path = new Path2D();
  if (layer.types[index] === POINT) traceCircles(path, layer, index, scale, mark.radius);
  else traceLines(path, layer, index, scale);
  context.globalAlpha = 1;
  context.lineJoin = 'round';
  for (const [color, width] of [[mark.halo, mark.width + 3], [mark.color, mark.width]]) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke(path);
  }
}

/**
 * Paint one tile from scratch.
 *
 * @param context  2D context of the tile's canvas
 * @param {Map<string, SourceLayer>} tile
 * @param {object} view  rules, zoom, size (CSS pixels), ratio (device pixels per CSS pixel), values,
 *                       selected ({ source, id } or null), mark (look of the selection)
 */
export function paintTile(context, tile, view) {
  const { rules, zoom, size, ratio, values, range, selected, mark } = view;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size, size);
  for (const rule of rules) {
    const layer = tile.get(rule.source);
    if (!layer || layer.length === 0 || !isInZoom(rule, zoom)) continue;
    const groups = groupsOf(rule, layer, zoom, values, range);
    PAINTERS[rule.kind](context, rule, layer, groups, size / layer.extent, zoom);
  }
  const layer = selected ? tile.get(selected.source) : null;
  if (!layer) return;
  for (let index = 0; index < layer.length; index++) {
    if (layer.ids[index] === selected.id) paintSelection(context, layer, index, size / layer.extent, mark);
  }
}
