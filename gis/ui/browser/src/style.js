/**
 * Style rules as data. A rule names a source layer, a kind, and for each visual property a *spec*:
 *
 *   "#2f6f73"                                              the same for every feature
 *   { zoom: [[12, 0.5], [16, 3]] }                         by zoom: numbers interpolate, text steps
 *   { by: "kind", cats: { "1": "#c00" }, other: "#888" }   by attribute, categories
 *   { by: "n", stops: [10, 50], range: ["#eee", "#aaa", "#333"], nodata: "#fff0" }   by attribute, classes
 *
 * `by: "@value"` reads the value joined to the feature's id instead of an attribute, `by: "@id"` the id.
 * A value equal to a stop belongs to the class above it. A feature whose spec resolves to null or undefined
 * is not drawn and cannot be hit by that rule.
 */

export const KINDS = ['fill', 'line', 'circle'];

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

function byClass(spec, raw) {
  if (raw === undefined || raw === null || Number.isNaN(raw)) return spec.nodata;
  let index = 0;
  while (index < spec.stops.length && raw >= spec.stops[index]) index++;
  return spec.range[index];
}

function byCategory(spec, raw) {
  const found = Object.hasOwn(spec.cats, raw) ? spec.cats[raw] : undefined;
  return found === undefined ? spec.other : found;
}

function rawValue(key, layer, index, values) {
  if (key === '@id') return layer.ids[index];
  if (key === '@value') return values ? values[layer.ids[index]] : undefined;
  return layer.get(index, key);
}

/** The value of `spec` for one feature. Category results may themselves be zoom specs. */
export function resolve(spec, layer, index, zoom, values) {
  if (spec === null || typeof spec !== 'object') return spec;
  if (spec.zoom) return byZoom(spec.zoom, zoom);
  const raw = rawValue(spec.by, layer, index, values);
  const found = spec.stops ? byClass(spec, raw) : byCategory(spec, raw);
  return resolve(found, layer, index, zoom, values);
}

/** True when a spec does not depend on the feature, so that one look-up serves the whole tile. */
export function isConstant(spec) {
  return spec === null || typeof spec !== 'object' || spec.zoom !== undefined;
}

/** True when the rule draws at this zoom (`minzoom` included, `maxzoom` not). */
export function isInZoom(rule, zoom) {
  return zoom >= (rule.minzoom ?? -Infinity) && zoom < (rule.maxzoom ?? Infinity);
}

function testsOf(rule, layer, range) {
  const tests = [];
  for (const [key, allowed] of Object.entries(rule.filter ?? {})) {
    const column = layer.columns.get(key) ?? [];
    tests.push((index) => allowed.includes(column[index]));
  }
  for (const [key, [from, to]] of Object.entries(rule.when ?? {})) {
    const column = layer.columns.get(key) ?? [];
    tests.push((index) => column[index] >= from && column[index] <= to);
  }
  for (const [key, [from, to]] of Object.entries(range ?? {})) {
    const column = layer.columns.get(key);
    if (column) tests.push((index) => column[index] >= from && column[index] <= to);
  }
  return tests;
}

/**
 * Which features of a source layer a rule is about, as a function of their index.
 *
 * A rule's `filter: { attribute: [allowed, …] }` and `when: { attribute: [from, to] }` must hold; `range` is
 * the layer's own `{ attribute: [from, to] }` (time slider), which binds only sources that carry the
 * attribute. Both ends of a range belong to it; a feature without the value is outside.
 */
export function filterOf(rule, layer, range = null) {
  const tests = testsOf(rule, layer, range);
  if (tests.length === 0) return () => true;
  if (tests.length === 1) return tests[0];
  return (index) => tests.every((test) => test(index));
}

/** Names every fault of a list of rules; an empty list means the rules can be drawn. */
export function faultsOf(rules) {
  const faults = [];
  rules.forEach((rule, at) => {
    if (!KINDS.includes(rule.kind)) faults.push(`rule ${at}: unknown kind ${rule.kind}`);
    if (!rule.source) faults.push(`rule ${at}: source is missing`);
    for (const [name, spec] of Object.entries(rule)) {
      if (spec?.stops && spec.range?.length !== spec.stops.length + 1) {
        faults.push(`rule ${at}: ${name} needs one more range entry than stops`);
      }
    }
  });
  return faults;
}
