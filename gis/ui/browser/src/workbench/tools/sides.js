/** The two sides of the swipe as the link holds them: `cases:2026-11-01|cases:2026-10-01|50`. */
import { dayOf, textOf } from './calendar.js';

const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** "cases:2026-11-01" → { id, day }; the day is null where none is named; null for anything else. */
function sideOf(text) {
  const [id, date, ...more] = (text ?? '').split(':');
  if (!NAME.test(id) || more.length) return null;
  const day = date === undefined ? null : dayOf(date);
  return date !== undefined && day === null ? null : { id, day };
}

/** The text of a link → { left, right, share } (share in percent), or null. */
export function parseSwipe(text) {
  const parts = (text ?? '').split('|');
  if (parts.length < 2 || parts.length > 3) return null;
  const [left, right] = parts.map(sideOf);
  const share = parts[2] === undefined ? 50 : Number(parts[2]);
  if (!left || !right || !(share >= 0 && share <= 100)) return null;
  return { left, right, share };
}

export function formatSwipe({ left, right, share }) {
  const side = ({ id, day }) => (day === null ? id : `${id}:${textOf(day)}`);
  return `${side(left)}|${side(right)}|${Math.round(share)}`;
}

/** Where a key moves the divider, in percent; null for keys that are not its own. */
export function movedBy(share, { key, shiftKey }) {
  const step = shiftKey ? 10 : 2;
  const to = { ArrowLeft: share - step, ArrowDown: share - step, ArrowRight: share + step, ArrowUp: share + step,
    PageDown: share - 10, PageUp: share + 10, Home: 0, End: 100 }[key];
  return to === undefined ? null : Math.min(100, Math.max(0, to));
}

/** Line of the divider for a map of this width, in CSS pixels from its left edge. */
export const pixelOf = (share, width) => Math.round(width * share / 100);
