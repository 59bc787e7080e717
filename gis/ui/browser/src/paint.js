/**
 * Decoded tiles → canvas. Features that look alike are traced into one path: a tile of ten thousand squares
 * in seven colours costs seven fills, not ten thousand.
 *
 * `paintTile` is a generator that stops after every rule, so that a queue (queue.js) can let the page breathe.
 *
 * Measured in Chromium 156 without GPU, 256 px: 5,000 grids of 13 vertices filled and outlined, 25 ms;
 * 9,000 points of 1 px, 10 ms.
 */
import { Look, filterOf, isInZoom, resolve } from './style.js';
import { paintArrows, paintIcons, paintTexts } from './symbols.js';
import { traceCircles, traceLines } from './trace.js';

const LOOKS = ['color', 'width', 'radius', 'opacity', 'icon', 'size'];
const MOST_RESULTS = 8192; // per property; 8192 ** 4 is still an exact number

function lookAt(names, looks, index) {
  const look = {};
  names.forEach((name, at) => { look[name] = looks[at].results[looks[at].ordinal(index)]; });
  return look;
}

/** Features of one rule by equal look: a list of { look, features }, in order of first appearance. */
export function groupsOf(rule, layer, view) {
  const passes = filterOf(rule, layer, view.range);
  const names = LOOKS.filter((name) => rule[name] !== undefined);
  const looks = names.map((name) => new Look(rule[name], layer, view));
  const groups = new Map();
  for (let index = 0; index < layer.length; index++) {
    if (!passes(index)) continue;
    let key = 0;
    for (const look of looks) key = key * MOST_RESULTS + look.ordinal(index);
    let group = groups.get(key);
    if (group === undefined) {
      group = { look: lookAt(names, looks, index), features: [] };
      groups.set(key, group);
    }
    group.features.push(index);
  }
  return [...groups.values()].filter(({ look }) => (look.color ?? null) !== null);
}

function lineOf(layer, features, scale) {
  const path = new Path2D();
  for (const index of features) traceLines(path, layer, index, scale);
  return path;
}

function strokeLines(context, rule, layer, groups, scale, view) {
  context.lineJoin = 'round';
  context.lineCap = rule.dash ? 'butt' : (rule.cap ?? 'round');
  const paths = groups.map(({ look, features }) => ({ look, path: lineOf(layer, features, scale) }));
  if (rule.casing && isInZoom(rule.casing, view.zoom)) {
    const extra = 2 * resolve(rule.casing.width ?? 1, layer, 0, view);
    context.strokeStyle = rule.casing.color;
    context.globalAlpha = rule.casing.opacity ?? 1;
    for (const { look, path } of paths) {
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
  if (rule.arrows && isInZoom(rule.arrows, view.zoom)) paintArrows(context, rule.arrows, layer, groups, scale, view);
}

function strokeOutline(context, outline, layer, path, view) {
  context.globalAlpha = outline.opacity ?? 1;
  context.strokeStyle = outline.color;
  context.lineWidth = resolve(outline.width ?? 1, layer, 0, view);
  context.lineJoin = 'round';
  context.lineCap = 'round'; // where a ring ends on its beginning
  context.setLineDash(outline.dash ?? []);
  context.stroke(path);
  context.setLineDash([]);
}

function fillAreas(context, rule, layer, groups, scale, view) {
  const outline = rule.outline && isInZoom(rule.outline, view.zoom) ? rule.outline : null;
  for (const { look, features } of groups) {
    if (look.opacity === 0 && !outline) continue; // there to be clicked, not to be seen
    const path = lineOf(layer, features, scale);
    context.globalAlpha = look.opacity ?? 1;
    context.fillStyle = look.color;
    // "nonzero": tiles wind holes against their shell, and areas that overlap must not cut holes in each other
    if (look.opacity !== 0) context.fill(path, 'nonzero');
    if (outline) strokeOutline(context, outline, layer, path, view);
  }
}

function fillCircles(context, rule, layer, groups, scale, view) {
  for (const { look, features } of groups) {
    const path = new Path2D();
    traceCircles(path, layer, features, scale, { size: view.size, radius: look.radius ?? 3 });
    if (rule.outline && isInZoom(rule.outline, view.zoom)) {
      context.globalAlpha = (look.opacity ?? 1) * (rule.outline.opacity ?? 1);
      context.strokeStyle = rule.outline.color;
      context.lineWidth = 2 * resolve(rule.outline.width ?? 1, layer, 0, view);
      context.stroke(path);
    }
    context.globalAlpha = look.opacity ?? 1;
    context.fillStyle = look.color;
    context.fill(path);
  }
  if (rule.text) paintTexts(context, rule, layer, groups, scale, view);
}

const PAINTERS = { fill: fillAreas, line: strokeLines, circle: fillCircles, icon: paintIcons };

/**
 * Paint one tile from scratch, a rule at each step.
 *
 * @param context  2D context of a canvas
 * @param {Map<string, SourceLayer>} tile
 * @param {object} view  rules, zoom, size (CSS pixels), ratio (device pixels per CSS pixel), joined and now
 *                       (style.js), range, sprite (sprite.js)
 */
export function* paintTile(context, tile, view) {
  const { rules, zoom, size, ratio } = view;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  context.clearRect(0, 0, size, size);
  for (const rule of rules) {
    const layer = tile.get(rule.source);
    if (!layer || layer.length === 0 || !isInZoom(rule, zoom)) continue;
    const groups = groupsOf(rule, layer, view);
    if (groups.length) PAINTERS[rule.kind](context, rule, layer, groups, size / layer.extent, view);
    yield;
  }
}
