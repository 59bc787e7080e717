/** What stands on points and along lines: pictures, numbers in circles, arrows of flow. */
import { resolve } from './style.js';
import { eachPoint } from './trace.js';

const FAMILY = '"Noto Sans SC", "Noto Sans CJK SC", sans-serif';
const THOUSAND = 1000;

/** A count as it fits into a circle: 940, 12k. */
export function shortCount(value) {
  if (typeof value !== 'number' || value < 10 * THOUSAND) return String(value);
  return `${Math.floor(value / THOUSAND)}k`;
}

/** Pictures of the sprite, stamped on whole device pixels so that they stay crisp. */
export function* paintIcons(context, rule, layer, groups, scale, view) {
  const { ratio, size, sprite } = view;
  for (const { look, features } of groups) {
    const picture = sprite.picture(look.icon, {
      size: look.size ?? 18, color: look.color, halo: rule.halo, ratio });
    if (!picture) continue;
    context.globalAlpha = look.opacity ?? 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    eachPoint(layer, features, scale, size, picture.offset, (x, y) => context.drawImage(picture.canvas,
      Math.round((x - picture.offset) * ratio), Math.round((y - picture.offset) * ratio)));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    yield features.length;
  }
}

/** The attribute `rule.text` in the middle of one feature's circle. */
export function paintText(context, rule, layer, index, scale, view) {
  const text = layer.get(index, rule.text);
  if (text === undefined) return;
  const size = resolve(rule.textSize ?? 11, layer, index, view);
  context.font = `700 ${size}px ${FAMILY}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.globalAlpha = 1;
  context.fillStyle = resolve(rule.textColor ?? '#ffffff', layer, index, view);
  eachPoint(layer, [index], scale, view.size, 2 * size, (x, y) =>
    context.fillText(shortCount(text), x, y + size * 0.06)); // digits stand a little high
}

/** Arrow heads: three corners around (x, y), pointing along (dx, dy), a vector of length 1. */
function traceArrow(path, x, y, dx, dy, half) {
  path.moveTo(x + dx * half, y + dy * half);
  path.lineTo(x - dx * half - dy * half * 0.8, y - dy * half + dx * half * 0.8);
  path.lineTo(x - dx * half * 0.4, y - dy * half * 0.4);
  path.lineTo(x - dx * half + dy * half * 0.8, y - dy * half - dx * half * 0.8);
  path.lineTo(x + dx * half, y + dy * half);
}

function lengthOf({ coords, vertices }, ring) {
  let length = 0;
  for (let v = vertices[ring] + 1; v < vertices[ring + 1]; v++) {
    length += Math.hypot(coords[2 * v] - coords[2 * v - 2], coords[2 * v + 1] - coords[2 * v - 1]);
  }
  return length;
}

/**
 * Calls `take(x, y, dx, dy)` every `spacing` CSS pixels along the lines of one feature, once in the middle of
 * a line shorter than that, never on one shorter than `least`.
 */
export function alongLines(layer, index, scale, { spacing, least }, take) {
  const { coords, vertices } = layer;
  for (let ring = layer.rings[index]; ring < layer.rings[index + 1]; ring++) {
    const total = lengthOf(layer, ring) * scale;
    if (total < least) continue;
    let left = Math.min(spacing, total) / 2;
    for (let v = vertices[ring] + 1; v < vertices[ring + 1]; v++) {
      const [ax, ay] = [coords[2 * v - 2] * scale, coords[2 * v - 1] * scale];
      const [bx, by] = [coords[2 * v] * scale, coords[2 * v + 1] * scale];
      const length = Math.hypot(bx - ax, by - ay);
      if (length === 0) continue;
      const [dx, dy] = [(bx - ax) / length, (by - ay) / length];
      for (; left <= length; left += spacing) take(ax + dx * left, ay + dy * left, dx, dy);
      left -= length;
    }
  }
}

/** `arrows.by` names an attribute that is 1 with the line, -1 against it, 0 where nobody knows. */
export function paintArrows(context, arrows, layer, groups, scale, view) {
  const half = resolve(arrows.size ?? 7, layer, 0, view) / 2;
  const spacing = Math.max(10, resolve(arrows.spacing ?? 80, layer, 0, view));
  context.beginPath();
  // an arrow across the tile's edge would be cut: the neighbour counts its own steps
  const isInside = (x, y) => x > half && y > half && x < view.size - half && y < view.size - half;
  for (const { features } of groups) {
    for (const index of features) {
      const way = arrows.by === undefined ? 1 : Math.sign(layer.get(index, arrows.by) ?? 0);
      if (way === 0) continue;
      alongLines(layer, index, scale, { spacing, least: 4 * half }, (x, y, dx, dy) => {
        if (isInside(x, y)) traceArrow(context, x, y, way * dx, way * dy, half);
      });
    }
  }
  context.globalAlpha = arrows.opacity ?? 1;
  context.fillStyle = arrows.color ?? '#33393b';
  context.fill();
}
