/**
 * Lengths and areas on the ellipsoid of CGCS2000, and the units people read them in. Web Mercator, which the
 * screen uses, would give lengths a third too large at 40° north; the projected grid is a few centimetres per
 * kilometre off. Positions are [longitude, latitude] in degrees.
 */
import geodesic from 'geographiclib-geodesic';

export const CGCS2000 = new geodesic.Geodesic.Geodesic(6378137, 1 / 298.257222101);
export const MU_M2 = 2000 / 3; // 15 mu are one hectare

/** Units by key: how many of SI one of them is, and decimals worth showing. The first is the usual one. */
export const LENGTH_UNITS = {
  m: { size: 1, digits: 1 },
  km: { size: 1000, digits: 3 },
};
export const AREA_UNITS = {
  m2: { size: 1, digits: 0 },
  mu: { size: MU_M2, digits: 2 },
  ha: { size: 10_000, digits: 3 },
  km2: { size: 1_000_000, digits: 4 },
};

/** Metres of each segment of a line; one entry less than there are points. */
export function segments(points, ellipsoid = CGCS2000) {
  return points.slice(1).map(([lng, lat], i) =>
    ellipsoid.Inverse(points[i][1], points[i][0], lat, lng).s12);
}

/** Metres along a line. */
export function length(points, ellipsoid = CGCS2000) {
  return segments(points, ellipsoid).reduce((sum, metres) => sum + metres, 0);
}

/**
 * Square metres inside a ring (closing point left out), whichever way it turns; 0 with fewer than three points.
 * A ring that crosses itself has no area that could be meant: ask `crossesItself` first.
 */
export function area(points, ellipsoid = CGCS2000) {
  if (points.length < 3) return 0;
  const polygon = ellipsoid.Polygon(false);
  for (const [lng, lat] of points) polygon.AddPoint(lat, lng);
  return Math.abs(polygon.Compute(false, true).area);
}

/** Metres around a ring, the closing side included. */
export function perimeter(points, ellipsoid = CGCS2000) {
  return points.length < 2 ? 0 : length([...points, points[0]], ellipsoid);
}

const turn = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

function within(a, b, p) {
  return Math.min(a[0], b[0]) <= p[0] && p[0] <= Math.max(a[0], b[0])
    && Math.min(a[1], b[1]) <= p[1] && p[1] <= Math.max(a[1], b[1]);
}

/** True when two sides meet, in a crossing or a touch. */
function sidesMeet(a, b, c, d) {
  const [t1, t2, t3, t4] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (t1 !== t2 && t3 !== t4) return true;
  return (t1 === 0 && within(a, b, c)) || (t2 === 0 && within(a, b, d))
    || (t3 === 0 && within(c, d, a)) || (t4 === 0 && within(c, d, b));
}

/** True when two sides of a ring that are not neighbours meet. */
export function crossesItself(points) {
  const count = points.length;
  for (let i = 0; i < count; i++) {
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue;
      if (sidesMeet(points[i], points[i + 1], points[j], points[(j + 1) % count])) return true;
    }
  }
  return false;
}

/** `1234.5` m² → "1.852" of a unit, with the separators of the language. */
export function inUnit(value, unit, locale) {
  const { size, digits } = unit;
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value / size);
}
