/** Days as whole numbers since 1970-01-01, as tiles carry them, and as people and links write them. */
const DAY_MS = 86_400_000;

/** "2026-11-01" → 20758; null for anything that is no day of the calendar. */
export function dayOf(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '');
  if (!match) return null;
  const [year, month, date] = match.slice(1).map(Number);
  const ms = Date.UTC(year, month - 1, date);
  return textOf(ms / DAY_MS) === text ? ms / DAY_MS : null;
}

/** 20758 → "2026-11-01" */
export function textOf(day) {
  const date = new Date(day * DAY_MS);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

/** 20758 → "2026年11月1日周日" or "Sun, 1 Nov 2026", as the language writes it; `short` leaves the year out. */
export function dayName(day, locale, { short = false } = {}) {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { timeZone: 'UTC', month: 'short', day: 'numeric',
    weekday: 'short', ...(short ? {} : { year: 'numeric' }) }).format(new Date(day * DAY_MS));
}

/** Today in a zone, as a day number. */
export function todayIn(zone, now = new Date()) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return dayOf(parts.format(now));
}

/** The days [first, last] that can be shown: `days` of them up to today. */
export function spanOf(days, zone, now) {
  const last = todayIn(zone, now);
  return [last - days + 1, last];
}

export const clampDay = (day, [first, last]) => Math.min(last, Math.max(first, day));
