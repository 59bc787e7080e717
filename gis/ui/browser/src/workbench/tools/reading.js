/**
 * Reads a typed position. The way it is written is found out; what could mean two places, lies outside the
 * district or breaks a rule is refused with the value and the rule by name. GCJ-02 looks like any other degrees:
 * it is never guessed, the caller (or the text itself) must say it.
 *
 * `readPosition(text, ground)` → { lnglat, way } or { fault, values }; `fault` is the key of a sentence.
 */
import { fromGcj02 } from '../../gcj02.js';
import { withoutZone } from './positions.js';

const LONGEST = 120;
const NUMBER = String.raw`[+-]?\d+(?:\.\d+)?`;
const BODY = String.raw`(${NUMBER})\s*°\s*(?:(\d+(?:\.\d+)?)\s*′\s*)?(?:(\d+(?:\.\d+)?)\s*″\s*)?`;
const SIGNS = [ // what people type → the signs the patterns below know; order matters
  [/经度/g, '经'], [/纬度/g, '纬'],
  [/[″〃”“"]|''|′′/g, '″'], [/[′’‘'´]/g, '′'], [/[°º˚度]/g, '°'], [/分/g, '′'], [/秒/g, '″'],
];
const CLOCK = /(\d+):(\d+):(\d+(?:\.\d+)?)/g; // 116:24:59.04
const NAMES = [
  [/东经|LONGITUDE|LON|LNG|EASTING|东/g, 'E'], [/西经|西/g, 'W'], [/经/g, 'E'],
  [/北纬|LATITUDE|LAT|NORTHING|北/g, 'N'], [/南纬|南/g, 'S'], [/纬/g, 'N'],
];

const fault = (key, values = {}) => ({ fault: key, values });

function plain(text) {
  let written = text.trim();
  for (const [pattern, sign] of SIGNS) written = written.replace(pattern, sign);
  written = written.split(/([°′″])/).map((part) => (/[°′″]/.test(part) ? part : part.normalize('NFKC'))).join('');
  written = written.replace(CLOCK, '$1°$2′$3″').toUpperCase();
  for (const [pattern, letter] of NAMES) written = written.replace(pattern, letter);
  return written.replace(/[,;、|/=:()（）]/g, ' ').replace(/\s+/g, ' ').trim();
}

/** Names of systems inside the text: "EPSG:4548", "CGCS2000", "GCJ-02". */
function systemsIn(text) {
  const code = /EPSG\s*[:：]?\s*(\d{4,6})/i.exec(text)?.[1];
  const isGcj = /GCJ\s*-?\s*0?2|火星(坐标)?/i.test(text);
  const rest = text.replace(/EPSG\s*[:：]?\s*\d{4,6}|GCJ\s*-?\s*0?2|火星坐标|火星|CGCS\s*2000|WGS\s*-?\s*84/gi, ' ');
  return { code: code ? `EPSG:${code}` : null, isGcj, rest };
}

/** All of the text as parts of one pattern, or null when something is left over. */
function partsOf(text, pattern) {
  const found = [];
  let at = 0;
  const sticky = new RegExp(String.raw`\s*(?:${pattern})\s*`, 'y');
  while (at < text.length) {
    sticky.lastIndex = at;
    const match = sticky.exec(text);
    if (!match || match[0] === '') return null;
    found.push(match.slice(1));
    at = sticky.lastIndex;
  }
  return found;
}

/** "N39°55′41″" and "39°55′41″N" alike → { letter, numbers: ["39", "55", "41"] }. */
function angles(text) {
  const parts = partsOf(text, `([NSEW])\\s*${BODY}|${BODY}([NSEW])?`);
  return parts?.map(([before, d, m, s, d2, m2, s2, after]) => ({
    letter: before ?? after ?? null, numbers: (before ? [d, m, s] : [d2, m2, s2]).filter((v) => v !== undefined),
  })) ?? null;
}

/** Numbers without signs of degrees: two, or pairs of degrees and minutes, or triples with seconds. */
function bare(text) {
  const parts = partsOf(text, `([NSEWXY])\\s*(${NUMBER})|(${NUMBER})\\s*([NSEW])?`);
  if (!parts) return null;
  const all = parts.map(([before, n, n2, after]) => ({ letter: before ?? after ?? null, number: n ?? n2 }));
  const size = { 2: 1, 4: 2, 6: 3 }[all.length];
  if (!size) return all.map(({ letter, number }) => ({ letter, numbers: [number] }));
  return [all.slice(0, size), all.slice(size)].map((group) => ({
    letter: group.find(({ letter }) => letter)?.letter ?? null, numbers: group.map(({ number }) => number) }));
}

/** Degrees of one angle, or a fault that names the part and its rule. */
function valueOf({ letter, numbers }) {
  const [d, m = 0, s = 0] = numbers.map(Number);
  if (numbers.length > 1 && !Number.isInteger(d)) return fault('goto.whole_degrees', { value: numbers[0] });
  if (numbers.length > 2 && !Number.isInteger(m)) return fault('goto.whole_minutes', { value: numbers[1] });
  for (const part of numbers.slice(1)) {
    if (Number(part) >= 60 || Number(part) < 0) return fault('goto.sixty', { value: part });
  }
  const size = Math.abs(d) + m / 60 + s / 3600;
  const sign = (/^-/.test(numbers[0]) ? -1 : 1) * ('SW'.includes(letter ?? '-') ? -1 : 1);
  return { letter, value: sign * size, written: numbers.join(' ') };
}

const AXES = { E: 'lng', W: 'lng', N: 'lat', S: 'lat' };

/** The one or two orders a pair can be read in: [[first axis, second axis], …]. */
function orders(first, second) {
  const [a, b] = [AXES[first.letter], AXES[second.letter]];
  if (a && a === b) return null;
  if (a === 'lng' || b === 'lat') return [[first.value, second.value]];
  if (a === 'lat' || b === 'lng') return [[second.value, first.value]];
  return [[first.value, second.value], [second.value, first.value]];
}

/** The part of the ground where a position is believed: the district and a little around it. */
export function believed([[south, west], [north, east]]) {
  const [dx, dy] = [Math.max(0.02, (east - west) * 0.25), Math.max(0.02, (north - south) * 0.25)];
  return { south: south - dy, west: west - dx, north: north + dy, east: east + dx };
}

function isInside([lng, lat], box) {
  return lng >= box.west && lng <= box.east && lat >= box.south && lat <= box.north;
}

/** Keep the readings that lie in the district: one is the answer, none and two are faults. */
function choose(readings, text, way, box) {
  const inside = readings.filter((lnglat) => lnglat.every(Number.isFinite) && isInside(lnglat, box));
  const { west, east, south, north } = box;
  const range = [`${west.toFixed(2)}–${east.toFixed(2)}°E`, `${south.toFixed(2)}–${north.toFixed(2)}°N`];
  if (inside.length === 0) return fault('goto.outside', { value: text, lng: range[0], lat: range[1] });
  if (inside.length > 1) return fault('goto.two_places', { value: text });
  return { lnglat: inside[0], way };
}

function readDegrees(pairs, text, box, isGcj) {
  for (const [lng, lat] of pairs) {
    const value = Math.abs(lng) > 180 ? lng : lat;
    if (pairs.length === 1 && (Math.abs(lng) > 180 || Math.abs(lat) > 90)) {
      return fault('goto.too_many_degrees', { value: String(value) });
    }
  }
  const possible = pairs.filter(([lng, lat]) => Math.abs(lng) <= 180 && Math.abs(lat) <= 90);
  const shifted = possible.map(([lng, lat]) => (isGcj ? fromGcj02(lng, lat) : [lng, lat]));
  return choose(shifted, text, isGcj ? 'gcj02' : 'degrees', box);
}

function readMetres(pairs, text, box, projection) {
  const readings = [];
  for (const [easting, northing] of pairs) {
    if (northing >= 1e7) continue; // no place on earth is that far north: this is the easting with its zone
    const own = withoutZone(easting, projection);
    if (own === null) {
      return fault('goto.other_zone', { value: String(easting), zone: String(Math.floor(easting / 1e6)),
        wanted: projection.zones.join(' / ') || '–', crs: projection.code });
    }
    readings.push(projection.inverse([own, northing]));
  }
  return choose(readings, text, 'projected', box);
}

/** @param ground  { projection, box: believed(home), isGcj } */
export function readPosition(text, { projection, box, isGcj = false }) {
  const typed = text.trim().slice(0, LONGEST);
  if (!typed) return fault('goto.empty');
  const systems = systemsIn(typed);
  if (systems.code && systems.code !== projection.code && systems.code !== 'EPSG:4490') {
    return fault('goto.other_crs', { value: systems.code, crs: projection.code });
  }
  const written = plain(systems.rest);
  const parts = /[°′″]/.test(written) ? angles(written) : bare(written);
  if (!parts) return fault('goto.unreadable', { value: typed });
  if (parts.length !== 2) return fault('goto.two_numbers', { value: typed, count: String(parts.length) });
  const [first, second] = parts.map(valueOf);
  if (first.fault || second.fault) return first.fault ? first : second;
  const pairs = orders(first, second);
  if (!pairs) return fault('goto.same_axis', { value: typed });
  const areMetres = [first, second].map(({ value }) => Math.abs(value) > 360);
  if (areMetres[0] !== areMetres[1]) return fault('goto.mixed', { value: typed });
  if (!areMetres[0]) return readDegrees(pairs, typed, box, isGcj || systems.isGcj);
  if (isGcj || systems.isGcj) return fault('goto.gcj_metres', { value: typed });
  return readMetres(pairs, typed, box, projection);
}
