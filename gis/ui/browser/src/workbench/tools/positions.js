/**
 * A position in the ways people write it: degrees, degrees with minutes and seconds, the district's projected
 * metres, GCJ-02. Positions are [longitude, latitude] of CGCS2000 unless a name says otherwise.
 */
import proj4 from 'proj4';
import { toGcj02 } from '../../gcj02.js';

// the same ellipsoid on both sides: a change of projection, never of datum
const DEGREES = '+proj=longlat +ellps=GRS80 +no_defs';
const ZONE_STEP_M = 1_000_000; // 39 500 000: the zone number stands in front of the easting

/**
 * The district's projection: `forward([lng, lat])` → [easting, northing] in metres, `inverse` back, and the zone
 * numbers that may stand in front of an easting: a meridian belongs to one 3° zone and perhaps to a 6° zone.
 */
export function projectionOf(crs) {
  const { forward, inverse } = proj4(DEGREES, crs.proj4);
  const number = (name) => Number(new RegExp(`\\+${name}=(-?[\\d.]+)`).exec(crs.proj4)?.[1] ?? 0);
  const [meridian, falseEasting] = [number('lon_0'), number('x_0')];
  const zones = [meridian / 3, (meridian + 3) / 6].filter((zone) => Number.isInteger(zone) && zone > 0);
  return { code: crs.code, name: crs.name, forward, inverse, zones, falseEasting, meridian };
}

/** Easting without (or with) the zone number, as the projection has it; null when the number is another zone's. */
export function withoutZone(easting, projection) {
  const prefix = Math.floor(easting / ZONE_STEP_M);
  if (prefix < 10) return easting;
  const own = Math.floor(projection.falseEasting / ZONE_STEP_M);
  if (own > 0) return prefix === own ? easting : null;
  return projection.zones.includes(prefix) ? easting - prefix * ZONE_STEP_M : null;
}

/** 39.9281 → "39°55′41.16″"; hundredths of a second are 0.3 m. */
export function sexagesimal(degrees) {
  const hundredths = Math.round(Math.abs(degrees) * 360_000);
  const [d, rest] = [Math.floor(hundredths / 360_000), hundredths % 360_000];
  const seconds = (rest % 6000 / 100).toFixed(2).padStart(5, '0');
  return `${d}°${String(Math.floor(rest / 6000)).padStart(2, '0')}′${seconds}″`;
}

const hemisphere = (value, positive, negative) => (value < 0 ? negative : positive);

/** "39°55′41.16″N 116°24′59.04″E" */
export function asSexagesimal([lng, lat]) {
  return `${sexagesimal(lat)}${hemisphere(lat, 'N', 'S')} ${sexagesimal(lng)}${hemisphere(lng, 'E', 'W')}`;
}

/** "116.416400, 39.928100": longitude first, as files and other maps take it. */
export function asDecimal([lng, lat]) {
  return `${lng.toFixed(6)}, ${lat.toFixed(6)}`;
}

/** "450123.46, 4420123.46": easting first, to the centimetre. */
export function asProjected(lnglat, projection) {
  return projection.forward(lnglat).map((metres) => metres.toFixed(2)).join(', ');
}

export function asGcj02([lng, lat]) {
  return asDecimal(toGcj02(lng, lat));
}

/** Every way at once: [{ key, text }] in the order shown. */
export function waysOf(lnglat, projection) {
  return [
    { key: 'decimal', text: asDecimal(lnglat) },
    { key: 'sexagesimal', text: asSexagesimal(lnglat) },
    { key: 'projected', text: asProjected(lnglat, projection) },
    { key: 'gcj02', text: asGcj02(lnglat) },
  ];
}
