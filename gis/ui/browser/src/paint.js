/**
 * Decoded tiles → canvas. Features that look alike are traced into one path: a tile of ten thousand squares
 * in seven colours costs seven fills, not ten thousand.
 *
 * `paintTile` is a generator that stops after some paths, so that a queue (queue.js) can let the page breathe.
 *
 * Measured in Chromium 156 without GPU, 256 px: 5,000 grids of 13 vertices filled and outlined, 25 ms;
 * 9,000 points of 1 px, 10 ms.
 */
import { Look, filterOf, isInZoom, resolve } from './style.js';
import { paintArrows, paintIcons, paintText } from './symbols.js';
import { traceCircles, traceLines } from './trace.js';

const LOOKS = ['color', 'width', 'radius', 'opacity', 'icon', 'size'];
const ENOUGH = 1000; // features that are painted at once
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

/** A traced path to be filled or stroked at once. On the context itself: a Path2D a tile would be garbage of megabytes. */
function trace(context, layer, features, scale) {
  context.beginPath();
  for (const index of features) traceLines(context, layer, index, scale);
}

function* strokeCasing(context, casing, layer, groups, scale, view) {
  const extra = 2 * resolve(casing.width ?? 1, layer, 0, view);
  context.strokeStyle = casing.color;
  context.globalAlpha = casing.opacity ?? 1;
  for (const { look, features } of groups) {
    trace(context, layer, features, scale);
    context.lineWidth = (look.width ?? 1) + extra;
    context.stroke();
    yield features.length;
  }
}

function* strokeLines(context, rule, layer, groups, scale, view) {
  const { casing, arrows } = rule;
  context.lineJoin = 'round';
  context.lineCap = rule.dash ? 'butt' : (rule.cap ?? 'round');
  if (casing && isInZoom(casing, view.zoom)) yield* strokeCasing(context, casing, layer, groups, scale, view);
  context.setLineDash(rule.dash ?? []);
  for (const { look, features } of groups) {
    if (look.width <= 0) continue;
    trace(context, layer, features, scale);
    context.globalAlpha = look.opacity ?? 1;
    context.strokeStyle = look.color;
    context.lineWidth = look.width ?? 1;
    context.stroke();
    yield features.length;
  }
  context.setLineDash([]);
  if (arrows && isInZoom(arrows, view.zoom)) paintArrows(context, arrows, layer, groups, scale, view);
}

function strokeOutline(context, outline, layer, view) {
  context.globalAlpha = outline.opacity ?? 1;
  context.strokeStyle = outline.color;
  context.lineWidth = resolve(outline.width ?? 1, layer, 0, view);
  context.lineJoin = 'round';
  context.lineCap = 'round'; // where a ring ends on its beginning
  context.setLineDash(outline.dash ?? []);
  context.stroke();
  context.setLineDash([]);
}

function* fillAreas(context, rule, layer, groups, scale, view) {
  const outline = rule.outline && isInZoom(rule.outline, view.zoom) ? rule.outline : null;
  for (const { look, features } of groups) {
    if (look.opacity === 0 && !outline) continue; // there to be clicked, not to be seen
    trace(context, layer, features, scale);
    context.globalAlpha = look.opacity ?? 1;
    context.fillStyle = look.color;
    // "nonzero": tiles wind holes against their shell, and areas that overlap must not cut holes in each other
    if (look.opacity !== 0) context.fill('nonzero');
    if (outline) strokeOutline(context, outline, layer, view);
    yield features.length;
  }
}

/** Fills the circles that are traced, on a rim if the rule has one. */
function fillTraced(context, rule, layer, look, view) {
  if (rule.outline && isInZoom(rule.outline, view.zoom)) {
    context.globalAlpha = (look.opacity ?? 1) * (rule.outline.opacity ?? 1);
    context.strokeStyle = rule.outline.color;
    context.lineWidth = 2 * resolve(rule.outline.width ?? 1, layer, 0, view);
    context.stroke();
  }
  context.globalAlpha = look.opacity ?? 1;
  context.fillStyle = look.color;
  context.fill();
}

function* fillCircles(context, rule, layer, groups, scale, view) {
  for (const { look, features } of groups) {
    const around = { size: view.size, radius: look.radius ?? 3 };
    // a circle with a text is finished before the next may cover a part of it
    for (const some of rule.text ? features.map((index) => [index]) : [features]) {
      context.beginPath();
      traceCircles(context, layer, some, scale, around);
      fillTraced(context, rule, layer, look, view);
      if (rule.text) paintText(context, rule, layer, some[0], scale, view);
    }
    yield features.length;
  }
}

const PAINTERS = { fill: fillAreas, line: strokeLines, circle: fillCircles, icon: paintIcons };

/** Chromium notes commands and draws them later, all at once: make it draw what it has noted. */
const drawNow = (context) => context.getImageData(0, 0, 1, 1);

/**
 * Paint one tile from scratch, a few paths at each step.
 *
 * @param context  2D context of a canvas
 * @param {Map<string, SourceLayer>} tile
 * @param {object} view  rules, zoom, size (CSS pixels), ratio (device pixels per CSS pixel), joined and now
 *                       (style.js), range, sprite (sprite.js)
 * @returns whether anything was painted
 */
export function* paintTile(context, tile, view) {
  let [noted, painted] = [0, 0];
  for (const features of pathsOf(context, tile, view)) {
    noted += features;
    painted += features;
    if (noted < ENOUGH) continue;
    noted = 0;
    drawNow(context);
    yield;
  }
  return painted > 0;
}

/** Paints, and gives the number of features of each path. */
function* pathsOf(context, tile, view) {
  const { rules, zoom, size, ratio } = view;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  context.clearRect(0, 0, size, size);
  for (const rule of rules) {
    const layer = tile.get(rule.source);
    if (!layer || layer.length === 0 || !isInZoom(rule, zoom)) continue;
    const groups = groupsOf(rule, layer, view);
    if (groups.length) yield* PAINTERS[rule.kind](context, rule, layer, groups, size / layer.extent, view);
  }
}
