/** The outline of a selection as a GeoJSON polygon that the server takes: closed, few enough vertices, not too large. */
import { area } from './geodesy.js';

export const MOST_VERTICES = 500; // the server's limit, the closing point included
const DIGITS = 7; // a centimetre
const FIRST_TOLERANCE_PX = 1.5;
const LAST_TOLERANCE_PX = 50;

/** Fewer points of the same shape: the tolerance grows until the limit is kept. */
export function thinned(points, simplify, most = MOST_VERTICES - 1) {
  let tolerance = FIRST_TOLERANCE_PX;
  let kept = simplify(points, tolerance);
  while (kept.length > most && tolerance < LAST_TOLERANCE_PX) {
    tolerance *= 1.6;
    kept = simplify(points, tolerance);
  }
  return kept.length > most ? kept.filter((_, i) => i % Math.ceil(kept.length / most) === 0) : kept;
}

/** Square metres of the box [[south, west], [north, east]]. */
export function boxArea([[south, west], [north, east]]) {
  return area([[west, south], [east, south], [east, north], [west, north]]);
}

/** { fault, values } when a ring cannot be asked for, else null. */
export function faultOf(points, home) {
  if (points.length < 3) return { fault: 'select.too_few', values: {} };
  if (points.length + 1 > MOST_VERTICES) {
    return { fault: 'select.too_many', values: { n: points.length, most: MOST_VERTICES - 1 } };
  }
  const m2 = area(points);
  if (m2 < 1) return { fault: 'select.too_small', values: {} };
  if (home && m2 > boxArea(home)) return { fault: 'select.too_large', values: {} };
  return null;
}

/** A ring without closing point → GeoJSON Polygon, outer ring against the clock. */
export function polygonOf(points) {
  const ring = points.map((point) => point.map((value) => Number(value.toFixed(DIGITS))));
  let twice = 0;
  ring.forEach(([x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length];
    twice += x * ny - nx * y;
  });
  if (twice < 0) ring.reverse();
  return { type: 'Polygon', coordinates: [[...ring, ring[0]]] };
}

/** The outer rings of a GeoJSON Polygon or MultiPolygon, closing points left out. */
export function ringsOf(geometry) {
  const polygons = geometry?.type === 'MultiPolygon' ? geometry.coordinates : [geometry?.coordinates ?? []];
  return polygons.filter((polygon) => polygon[0]?.length > 3).map((polygon) => polygon[0].slice(0, -1));
}
