/**
 * Which labels stand where. They are placed once for the whole view, so that no label is cut at a tile's edge or
 * repeated beside it. Higher priority (lower number) is placed first; what would overlap a placed label is left
 * out. Labels of lines follow them. No label covers a sign (signs.js): that of a point goes below or above it.
 *
 * A label rule: { source, text (attribute), filter, when, minzoom, maxzoom, size, weight, color, halo, opacity,
 * priority (number, or attribute name), below (CSS pixels under the point), spacing (CSS pixels between equal
 * texts; on lines 260 without it) }.
 */
import { LINE, POINT } from './decode.js';
import { filterOf, isInZoom, resolve } from './style.js';

const FAMILY = '"Noto Sans SC", "Noto Sans CJK SC", sans-serif';
const STRAIGHT_RAD = 0.06; // a line that turns less under its label is written as one text
const BEND_MOST_RAD = 0.7; // between two letters; a sharper corner gets no label
const LEAST_TURN_PX = 1e-6;
const HAIR_PX = 0.1; // sums of fractions must not seem to overlap

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

  /** A rectangle that reaches into this one and is not the `owner`'s own; null where the place is free. */
  inWay(box, owner) {
    for (const key of this.keys(box)) {
      for (const other of this.cells.get(key) ?? []) {
        if (owner !== undefined && other.owner === owner) continue;
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return other;
      }
    }
    return null;
  }

  add(box) {
    for (const key of this.keys(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }

  /** Take the rectangles if nothing is in any of them; true when all were free. */
  take(...boxes) {
    if (boxes.some((box) => this.inWay(box))) return false;
    for (const box of boxes) this.add(box);
    return true;
  }
}

/** Points of one ring and the length walked up to each, in CSS pixels of the world. */
function pathOf({ coords, vertices }, ring, scale, x0, y0) {
  const points = [];
  let walked = 0;
  for (let v = vertices[ring]; v < vertices[ring + 1]; v++) {
    const [x, y] = [x0 + coords[2 * v] * scale, y0 + coords[2 * v + 1] * scale];
    const before = points.at(-1);
    if (before) {
      const step = Math.hypot(x - before.x, y - before.y);
      if (step < LEAST_TURN_PX) continue;
      walked += step;
    }
    points.push({ x, y, walked });
  }
  return points;
}

/** The place `distance` along a path and the direction there. */
export function alongPath(points, distance) {
  let at = 1;
  while (at < points.length - 1 && points[at].walked < distance) at++;
  const [a, b] = [points[at - 1], points[at]];
  const share = (distance - a.walked) / (b.walked - a.walked);
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y), angle: Math.atan2(b.y - a.y, b.x - a.x) };
}

const turn = (from, to) => Math.atan2(Math.sin(to - from), Math.cos(to - from));

/**
 * Letters of a text along a path, around its middle: a list of { x, y, angle, text, width }, one entry when the path
 * is straight there; null when it is too short or too bent. Text never stands on its head.
 */
export function lettersAlong(points, text, measure) {
  const total = points.at(-1).walked;
  const widths = [...text].map((letter) => measure(letter));
  const width = widths.reduce((sum, one) => sum + one, 0);
  if (points.length < 2 || width > total) return null;
  const [start, end] = [(total - width) / 2, (total + width) / 2];
  const [first, last] = [alongPath(points, start), alongPath(points, end)];
  const isReversed = last.x < first.x - 0.01 || (Math.abs(last.x - first.x) <= 0.01 && last.y < first.y);
  const letters = [];
  let walked = 0;
  [...text].forEach((letter, at) => {
    const middle = walked + widths[at] / 2;
    const place = alongPath(points, isReversed ? end - middle : start + middle);
    if (isReversed) place.angle = turn(0, place.angle + Math.PI);
    letters.push({ ...place, text: letter, width: widths[at] });
    walked += widths[at];
  });
  for (let at = 1; at < letters.length; at++) {
    if (Math.abs(turn(letters[at - 1].angle, letters[at].angle)) > BEND_MOST_RAD) return null;
  }
  if (letters.some(({ angle }) => Math.abs(turn(letters[0].angle, angle)) > STRAIGHT_RAD)) return letters;
  const middle = alongPath(points, total / 2);
  return [{ x: middle.x, y: middle.y, angle: letters[0].angle, text, width }];
}

function priorityOf(rule, layer, index) {
  if (typeof rule.priority === 'string') return layer.get(index, rule.priority) ?? 1e9;
  return rule.priority ?? 1e6;
}

const isInTile = (x, y, extent) => x >= 0 && y >= 0 && x < extent && y < extent;

/** Where labels of a feature may stand: its point, or the paths of its lines; a margin belongs to the neighbour. */
function* anchorsOf(layer, index, scale, x0, y0) {
  const { coords, vertices, rings, extent } = layer;
  if (layer.types[index] === POINT) {
    const v = vertices[rings[index]];
    const [x, y] = [coords[2 * v], coords[2 * v + 1]];
    if (isInTile(x, y, extent)) yield { part: 0, path: null, x: x0 + x * scale, y: y0 + y * scale };
  } else if (layer.types[index] === LINE) {
    for (let ring = rings[index]; ring < rings[index + 1]; ring++) {
      const path = pathOf(layer, ring, scale, x0, y0);
      if (path.length < 2) continue;
      const { x, y } = alongPath(path, path.at(-1).walked / 2);
      if (isInTile((x - x0) / scale, (y - y0) / scale, extent)) yield { part: ring, path, x, y };
    }
  }
}

/**
 * Label candidates of one decoded tile, in CSS pixels of the world.
 *
 * @param {number} grow  how much larger the world is than at the tile's own zoom
 */
export function* candidatesOf(record, rules, size, { range = null, grow = 1, joined = null } = {}) {
  const { x: column, y: row, z: zoom } = record.coords;
  const view = { zoom, joined };
  for (const rule of rules) {
    const layer = record.tile.get(rule.source);
    if (!layer || !isInZoom(rule, zoom)) continue;
    const scale = (size * grow) / layer.extent;
    const passes = filterOf(rule, layer, range);
    for (let index = 0; index < layer.length; index++) {
      const text = passes(index) ? layer.get(index, rule.text) : null;
      if (text === undefined || text === null || text === '') continue;
      const owner = `${rule.source}|${layer.ids[index]}`;
      const common = { rule, owner, text: String(text), priority: priorityOf(rule, layer, index),
        size: resolve(rule.size ?? 12, layer, index, view) };
      for (const anchor of anchorsOf(layer, index, scale, column * size * grow, row * size * grow)) {
        const where = anchor.path ? `${zoom}:${column}:${row}:${anchor.part}` : '';
        yield { ...common, ...anchor, key: `${owner}|${text}|${where}` };
      }
    }
  }
}

function boxOf({ x, y, angle, width }, height) {
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const [halfX, halfY] = [(cos * width + sin * height) / 2 + 2, (sin * width + cos * height) / 2 + 2];
  return [x - halfX, y - halfY, x + halfX, y + halfY];
}

function lettersOf(label, measure) {
  const width = (text) => measure(text, label.font);
  if (label.path) return lettersAlong(label.path, label.text, width);
  return [{ x: label.x, y: label.y + (label.rule.below ?? 0), angle: 0, text: label.text, width: width(label.text) }];
}

/** Where the letters may stand: in their place, or under or over the sign that stands there already. */
function* spotsOf(label, signs) {
  yield label.letters;
  if (label.path) return;
  const [letter] = label.letters;
  const box = boxOf(letter, label.size);
  const sign = signs.inWay(box, label.owner);
  if (!sign) return;
  const half = (box[3] - box[1]) / 2 + HAIR_PX;
  for (const y of [sign[3] + half, sign[1] - half]) yield [{ ...letter, y }];
}

/** The letters where neither a sign nor a placed label is covered, and their place is taken; null without one. */
function settle(label, signs, occupied) {
  for (const letters of spotsOf(label, signs)) {
    const boxes = letters.map((letter) => boxOf(letter, label.size));
    if (boxes.some((box) => signs.inWay(box, label.owner))) continue;
    if (occupied.take(...boxes)) return letters;
  }
  return null;
}

function occupiedBy(signs) {
  const occupied = new Occupied();
  for (const { owner, x, y, reach } of signs) {
    occupied.add(Object.assign([x - reach, y - reach, x + reach, y + reach], { owner }));
  }
  return occupied;
}

/**
 * Thin candidates to those that fit; each gets `font` and `letters`. At equal priority those placed `before`
 * (a set of keys) stay, so that labels do not jump while tiles come and the map moves.
 *
 * @param measure  (text, font) → width in CSS pixels
 * @param signs  what labels must not cover: { owner, x, y, reach }; a feature's own label may lie on its sign
 */
export function place(candidates, measure, before = new Set(), signs = []) {
  const [standing, occupied] = [occupiedBy(signs), new Occupied()];
  const lines = new Map();
  const placed = [];
  const isNew = (label) => (before.has(label.key) ? 0 : 1);
  candidates.sort((a, b) => a.priority - b.priority || isNew(a) - isNew(b) || (a.key < b.key ? -1 : 1));
  for (const label of candidates) {
    const spacing = label.rule.spacing ?? (label.path ? 260 : 0);
    const same = lines.get(label.text) ?? [];
    if (spacing && same.some((p) => Math.hypot(p.x - label.x, p.y - label.y) < spacing)) continue;
    label.font = `${label.rule.weight ?? 400} ${label.size}px ${FAMILY}`;
    label.letters = lettersOf(label, measure);
    label.letters &&= settle(label, standing, occupied);
    if (!label.letters) continue;
    if (spacing) lines.set(label.text, [...same, label]);
    placed.push(label);
  }
  return placed;
}
