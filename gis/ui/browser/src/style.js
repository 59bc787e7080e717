/**
 * Style rules as data. A rule names a source layer, a kind, and for each visual property a *spec*:
 *
 *   "#2f6f73"                                              the same for every feature
 *   { zoom: [[12, 0.5], [16, 3]] }                         by zoom: numbers interpolate, text steps
 *   { by: "kind", cats: { "1": "#c00" }, other: "#888" }   by attribute, categories
 *   { by: "n", stops: [10, 50], range: ["#eee", "#aaa", "#333"], nodata: "#fff0" }   by attribute, classes
 *   { by: "due", clock: true, stops: [0, 240], … }         by minutes left until the attribute's minute (UTC)
 *   { by: "due", clock: true, soon: true, … }              the last limit is the feature's own, where it carries one
 *
 * A minute may carry such a limit: minute * 2^20 + minutes before it.
 *
 * `by: "@value"` reads the value joined to the feature's id instead of an attribute, `by: "@id"` the id.
 * A value equal to a stop belongs to the class above it. A feature whose spec resolves to null or undefined
 * is not drawn and cannot be hit by that rule.
 *
 * What a spec needs besides the feature is in a *view*: { zoom, joined, now }; see `joinOf` for `joined`,
 * `now` is in minutes since 1970.
 */

export const KINDS = ['fill', 'line', 'circle', 'icon'];
const MINUTE_MS = 60_000;
const LAMP_BASE = 2 ** 20;

/** The browser's clock as specs with `clock: true` read it. */
export const minutesNow = () => Date.now() / MINUTE_MS;

/** Values of the page, { id: value }, as they are looked up: by number, a hundred thousand times a repaint. */
export function joinOf(values) {
  if (!values) return null;
  return new Map(Object.entries(values).map(([id, value]) => [Number(id), value]));
}

function byZoom(stops, zoom) {
  if (zoom <= stops[0][0]) return stops[0][1];
  for (let i = 1; i < stops.length; i++) {
    const [z1, v1] = stops[i];
    if (zoom < z1) {
      const [z0, v0] = stops[i - 1];
      if (typeof v0 !== 'number' || typeof v1 !== 'number') return v0;
      return v0 + ((zoom - z0) / (z1 - z0)) * (v1 - v0);
    }
  }
  return stops[stops.length - 1][1];
}

function byClass(spec, raw, view) {
  if (raw === undefined || raw === null || Number.isNaN(raw)) return spec.nodata;
  const carries = spec.clock && raw >= 2 ** 40; // no minute is that late
  const value = spec.clock ? (carries ? Math.floor(raw / LAMP_BASE) : raw) - view.now : raw;
  const own = carries && spec.soon ? raw % LAMP_BASE : null;
  const last = spec.stops.length - 1;
  let index = 0;
  while (index <= last && value >= (index === last ? own ?? spec.stops[last] : spec.stops[index])) index++;
  return spec.range[index];
}

function byCategory(spec, raw) {
  const found = Object.hasOwn(spec.cats ?? {}, raw) ? spec.cats[raw] : undefined;
  return found === undefined ? spec.other : found;
}

/** What a spec makes of one raw value. Results may themselves be zoom specs. */
function resolveRaw(spec, raw, view) {
  const found = spec.stops ? byClass(spec, raw, view) : byCategory(spec, raw);
  return found?.zoom ? byZoom(found.zoom, view.zoom) : found;
}

function rawValue(key, layer, index, view) {
  if (key === '@id') return layer.id(index);
  if (key === '@value') return view.joined?.get(layer.ids[index]);
  return layer.get(index, key);
}

/** The value of `spec` for one feature. */
export function resolve(spec, layer, index, view) {
  if (spec === null || typeof spec !== 'object') return spec;
  if (spec.zoom) return byZoom(spec.zoom, view.zoom);
  return resolveRaw(spec, rawValue(spec.by, layer, index, view), view);
}

/** True when a spec does not depend on the feature, so that one look-up serves the whole tile. */
export function isConstant(spec) {
  return spec === null || typeof spec !== 'object' || spec.zoom !== undefined;
}

/** The largest number a spec can resolve to at a zoom. */
export function mostOf(spec, view) {
  if (isConstant(spec)) return Number(resolve(spec, null, 0, view)) || 0;
  const results = [...(spec.range ?? []), ...Object.values(spec.cats ?? {}), spec.other, spec.nodata];
  return Math.max(0, ...results.map((one) => Number(resolve(one ?? 0, null, 0, view)) || 0));
}

/**
 * A spec made ready for one source layer: `ordinal(index)` is a small number, equal for equal results, and
 * `results[ordinal]` what it stands for. By attribute, each distinct value is worked out once.
 */
export class Look {
  constructor(spec, layer, view) {
    this.results = [];
    this._known = new Map();
    const column = isConstant(spec) ? null : layer.columns.get(spec.by);
    if (isConstant(spec)) {
      const only = this._of(resolve(spec, layer, 0, view));
      this.ordinal = () => only;
    } else if (column) {
      const found = new Int32Array(layer.values.length + 1).fill(-1);
      this.ordinal = (index) => {
        const at = column[index];
        if (found[at] < 0) found[at] = this._of(resolveRaw(spec, at ? layer.values[at - 1] : undefined, view));
        return found[at];
      };
    } else {
      this.ordinal = (index) => this._of(resolve(spec, layer, index, view));
    }
  }

  _of(result) {
    let ordinal = this._known.get(result);
    if (ordinal === undefined) {
      ordinal = this.results.push(result) - 1;
      this._known.set(result, ordinal);
    }
    return ordinal;
  }
}

/** True when the rule draws at this zoom (`minzoom` included, `maxzoom` not). */
export function isInZoom(rule, zoom) {
  return zoom >= (rule.minzoom ?? -Infinity) && zoom < (rule.maxzoom ?? Infinity);
}

/** A test of feature indices by one attribute, each distinct value asked once. */
function testOf(layer, key, holds) {
  const column = layer.columns.get(key);
  if (!column) return () => false;
  const passes = [false, ...layer.values.map(holds)];
  return (index) => passes[column[index]];
}

/**
 * Which features of a source layer a rule is about, as a function of their index.
 *
 * A rule's `filter: { attribute: [allowed, …] }` and `when: { attribute: [from, to] }` must hold; `range` is
 * the layer's own `{ attribute: [from, to] }` (time slider), which binds only sources that carry the
 * attribute. Both ends of a range belong to it; a feature without the value is outside.
 */
export function filterOf(rule, layer, range = null) {
  const within = ([from, to]) => (value) => value >= from && value <= to;
  const tests = [
    ...Object.entries(rule.filter ?? {}).map(([key, allowed]) =>
      testOf(layer, key, (value) => allowed.includes(value))),
    ...Object.entries(rule.when ?? {}).map(([key, ends]) => testOf(layer, key, within(ends))),
    ...Object.entries(range ?? {}).filter(([key]) => layer.columns.has(key))
      .map(([key, ends]) => testOf(layer, key, within(ends)))];
  if (tests.length === 0) return () => true;
  if (tests.length === 1) return tests[0];
  return (index) => tests.every((test) => test(index));
}

/** True when a list of rules looks at the clock, so that its picture changes as time goes by. */
export function readsClock(rules) {
  return rules.some((rule) => Object.values(rule).some((spec) => spec?.clock === true));
}

/** Names every fault of a list of rules; an empty list means the rules can be drawn. */
export function faultsOf(rules) {
  const faults = [];
  rules.forEach((rule, at) => {
    if (!KINDS.includes(rule.kind)) faults.push(`rule ${at}: unknown kind ${rule.kind}`);
    if (!rule.source) faults.push(`rule ${at}: source is missing`);
    if (rule.kind === 'icon' && !rule.icon) faults.push(`rule ${at}: icon is missing`);
    for (const [name, spec] of Object.entries(rule)) {
      if (spec?.stops && spec.range?.length !== spec.stops.length + 1) {
        faults.push(`rule ${at}: ${name} needs one more range entry than stops`);
      }
    }
  });
  return faults;
}
