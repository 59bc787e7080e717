/** The report being written: what it holds, what it still needs, which part of the form a fault belongs to. */

import { mustChoose } from './edge_view.js';
import { newKey } from './keys.js';
import { State } from './queue.js';

export const PHOTOS_MOST = 5;
export const TEXT_MOST = 4000;

export const NO_PLACE = Object.freeze({
  lon: null, lat: null, accuracy_m: null, grid_code: null, located_by: null, candidates: null, cell_choice: null,
  edge_unsure: false,
});

/** A new report. Its key is made now, when the form opens: whatever happens later, it makes one case. */
export function newDraft(now, person = null) {
  return {
    key: newKey(), state: State.DRAFT, started_at: now, photos: [], message: '', faults: [],
    person_id: person?.person_id ?? null, person_name: person?.name ?? '',
    fields: { kind: 'event', class_code: null, description: '', answers: {}, place: { ...NO_PLACE } },
  };
}

/** A position that the phone found by itself is no work of the person's: it alone makes no draft. */
export function isEmpty({ fields, photos }) {
  const placed = hasPlace(fields.place) && fields.place.located_by !== 'gps';
  return !photos.length && !fields.description && !fields.class_code && !placed;
}

/** Whether a report is somebody else's: written on this device under another name. */
export function isForeign(report, person) {
  return report.person_id !== null && Boolean(person) && report.person_id !== person.person_id;
}

export function hasPlace(place) {
  return place.lon !== null || Boolean(place.grid_code);
}

/** 15 digits: 6 district, 3 street, 3 community, 3 cell (edition 2013). Spaces are for reading only. */
export function gridCodeOf(typed) {
  const digits = typed.replace(/\s+/g, '');
  return /^\d{15}$/.test(digits) ? digits : null;
}

/** What a report cannot be sent without: [field, name of the sentence] each. */
export function missing({ fields }) {
  const faults = [];
  if (!hasPlace(fields.place)) faults.push(['point', 'place_needed']);
  if (mustChoose(fields.place)) faults.push(['cell_choice', 'edge_needed']);
  if (!fields.class_code) faults.push(['class_code', 'class_needed']);
  if (!fields.description.trim()) faults.push(['text', 'text_needed']);
  return faults;
}

const PARTS = {
  photo: 'photo', photos: 'photo', photo_before: 'photo', photo_after: 'photo',
  point: 'place', lon: 'place', lat: 'place', accuracy_m: 'place', grid_code: 'place', located_by: 'place',
  cell_choice: 'place',
  class_code: 'kind', kind: 'kind', code: 'kind',
  answers: 'answers',
  text: 'text', description: 'text',
};

/** The part of the form that a server's field name belongs to; '' when it is the report as a whole. */
export function partOf(field) {
  return PARTS[field] ?? '';
}
