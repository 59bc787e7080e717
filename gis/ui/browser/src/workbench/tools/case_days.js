/**
 * Cases by day on the map. Close by, every case is a point that carries its day; further out streets and communities
 * are coloured by the number of the day, joined in the browser. Both only repaint: no tile is asked while days pass.
 */
import { dayOf } from './calendar.js';

const POINTS_FROM_ZOOM = 14;
const COMMUNITIES_FROM_ZOOM = 12;
const FRESH_MS = 60_000; // as long as the server itself keeps the answer

/** Level of the areas that stand for the cases at a zoom: 3 street, 4 community, null where the cases themselves do. */
export function levelAt(zoom) {
  if (zoom >= POINTS_FROM_ZOOM) return null;
  return zoom < COMMUNITIES_FROM_ZOOM ? 3 : 4;
}

/** { code: n } of one day out of { first, days, areas: { code: [n, …] } }; days outside count nothing. */
export function countsOn(answer, day) {
  const at = day - dayOf(answer.first);
  const counts = {};
  for (const [code, list] of Object.entries(answer.areas)) counts[code] = list[at] ?? 0;
  return counts;
}

/** Reports of each day over all areas, first day first. */
export function totalsOf(answer) {
  const totals = new Array(answer.days).fill(0);
  for (const list of Object.values(answer.areas)) list.forEach((n, at) => { totals[at] += n; });
  return totals;
}

/** The layer that holds cases by day, or null: { id, time: { source, attribute }, … }. */
export function daysLayerOf(config) {
  const timed = (config.layers ?? []).filter(({ time }) => time);
  return timed.find(({ id }) => id === 'case_days') ?? timed[0] ?? null;
}

/** Answers of /map/case-days by level, each asked at most once a minute. */
export class CaseDays {
  constructor(bench) {
    this.bench = bench;
    this._asked = new Map();
    this._known = new Map();
  }

  /** The answer for a level; rejects with the sentence of the server. */
  async load(level, now = Date.now()) {
    let held = this._asked.get(level);
    if (!held || now - held.at >= FRESH_MS) {
      const { ask, config } = this.bench;
      held = { at: now, answer: ask('/map/case-days', { params: { days: config.days, level } }) };
      this._asked.set(level, held);
    }
    try {
      this._known.set(level, await held.answer);
    } catch (error) {
      this._asked.delete(level);
      throw error;
    }
    return held.answer;
  }

  /** What has been answered already, so that a slider never waits: an answer or null. */
  known(level) { return this._known.get(level) ?? null; }
}

/** Show one day on a layer: its points by range, its areas by joined numbers. Null shows all days. */
export function paintDay(layer, entry, day, answer) {
  layer.setRange(day === null ? null : { [entry.time.attribute]: [day, day] });
  if (answer) layer.setValues(day === null ? null : countsOn(answer, day));
}
