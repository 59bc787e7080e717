/**
 * GCJ-02, the shifted degrees that public web maps of the country use. The shift is a published approximation
 * of an unpublished rule: good to about half a metre, for display and for shifting foreign pictures, never for data.
 * Order is [longitude, latitude] throughout.
 */
const SEMI_MAJOR_M = 6378245; // Krasovsky 1940, as the rule was written
const ECCENTRICITY2 = 0.00669342162296594323;
const EXTENT = { west: 72.004, south: 0.8293, east: 137.8347, north: 55.8271 };
const CLOSE_ENOUGH_DEG = 1e-10;
const MOST_ROUNDS = 30;

const wave = (amplitude, angle) => amplitude * Math.sin(angle * Math.PI);

/** True where the shift applies: a box around the country; outside it GCJ-02 equals WGS 84. */
export function isShifted(lng, lat) {
  return lng >= EXTENT.west && lng <= EXTENT.east && lat >= EXTENT.south && lat <= EXTENT.north;
}

/** Metres (about) of the shift, from degrees east of 105° and north of 35°. */
function shiftOf(x, y) {
  const common = (wave(20, 6 * x) + wave(20, 2 * x)) * 2 / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + common
    + (wave(20, x) + wave(40, x / 3) + wave(150, x / 12) + wave(300, x / 30)) * 2 / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + common
    + (wave(20, y) + wave(40, y / 3) + wave(160, y / 12) + wave(320, y / 30)) * 2 / 3;
  return [east, north];
}

/** Degrees to add at a WGS 84 position. */
function offsetAt(lng, lat) {
  const [east, north] = shiftOf(lng - 105, lat - 35);
  const phi = lat * Math.PI / 180;
  const w2 = 1 - ECCENTRICITY2 * Math.sin(phi) ** 2;
  const meridian = SEMI_MAJOR_M * (1 - ECCENTRICITY2) / (w2 * Math.sqrt(w2));
  const parallel = SEMI_MAJOR_M / Math.sqrt(w2) * Math.cos(phi);
  return [east / parallel * 180 / Math.PI, north / meridian * 180 / Math.PI];
}

/** WGS 84 (or CGCS2000, the same within decimetres) → GCJ-02. */
export function toGcj02(lng, lat) {
  if (!isShifted(lng, lat)) return [lng, lat];
  const [east, north] = offsetAt(lng, lat);
  return [lng + east, lat + north];
}

/** GCJ-02 → WGS 84, by rounds until the forward shift meets the given position. */
export function fromGcj02(lng, lat) {
  if (!isShifted(lng, lat)) return [lng, lat];
  let [x, y] = [lng, lat];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const [east, north] = offsetAt(x, y);
    const [nextX, nextY] = [lng - east, lat - north];
    const step = Math.max(Math.abs(nextX - x), Math.abs(nextY - y));
    [x, y] = [nextX, nextY];
    if (step < CLOSE_ENOUGH_DEG) break;
  }
  return [x, y];
}
