/**
 * Decoded geometry → path commands, in CSS pixels of the tile.
 *
 * Rings are closed by a line to their first vertex, never by closePath(): Chromium takes quadratic time over
 * closed sub-paths (5,000 squares in one path: 230 ms closed, 10 ms like this).
 */
import { POLYGON } from './decode.js';

const FULL_CIRCLE = 2 * Math.PI;
const FINE_PX = 0.25; // vertices closer than this to the one before do not change the picture
const DOT_PX = 1.6; // a circle this small is a square on the screen, and ten times as fast
const CROWD = 400; // from so many points on, those that fall on the same spot are painted once

/** Lines or rings of one feature. */
export function traceLines(path, layer, index, scale) {
  const closed = layer.types[index] === POLYGON;
  const { coords, vertices } = layer;
  const fine = FINE_PX / scale;
  for (let ring = layer.rings[index]; ring < layer.rings[index + 1]; ring++) {
    const first = 2 * vertices[ring];
    const last = 2 * vertices[ring + 1] - 2;
    if (last < first) continue;
    let [x, y] = [coords[first], coords[first + 1]];
    path.moveTo(x * scale, y * scale);
    for (let at = first + 2; at <= last; at += 2) {
      const [nextX, nextY] = [coords[at], coords[at + 1]];
      if (Math.abs(nextX - x) + Math.abs(nextY - y) < fine && (closed || at < last)) continue;
      x = nextX;
      y = nextY;
      path.lineTo(x * scale, y * scale);
    }
    if (closed) path.lineTo(coords[first] * scale, coords[first + 1] * scale);
  }
}

/** Calls `take(x, y)` for the points of some features, in CSS pixels, leaving out those off the tile. */
export function eachPoint(layer, features, scale, size, reach, take) {
  const { coords, vertices, rings } = layer;
  for (const index of features) {
    const end = vertices[rings[index + 1]];
    for (let vertex = vertices[rings[index]]; vertex < end; vertex++) {
      const x = coords[2 * vertex] * scale;
      const y = coords[2 * vertex + 1] * scale;
      if (x > -reach && y > -reach && x < size + reach && y < size + reach) take(x, y, index);
    }
  }
}

/** Wraps `take` so that a crowd of points on one spot is taken once. */
function once(size, reach, cell, take) {
  const across = Math.ceil((size + 2 * reach) / cell);
  const taken = new Uint8Array(across * across);
  return (x, y) => {
    const at = Math.floor((y + reach) / cell) * across + Math.floor((x + reach) / cell);
    if (taken[at]) return;
    taken[at] = 1;
    take(x, y);
  };
}

/** Circles around the points of features that look alike. */
export function traceCircles(path, layer, features, scale, { size, radius }) {
  let take = (x, y) => {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, FULL_CIRCLE);
  };
  if (radius <= DOT_PX) take = (x, y) => path.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  const reach = radius + 4;
  if (features.length > CROWD) take = once(size, reach, Math.max(0.5, radius / 4), take);
  eachPoint(layer, features, scale, size, reach, take);
}
