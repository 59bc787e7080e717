/**
 * Decisions about cases (verified, passed, failed …) in the queue of this device: what is sent, what has to
 * wait for what, and what the two sides of a conflict are.
 */

/** Not the states of reports: only decisions can meet another one. */
export const CONFLICT = 'conflict';
export const MOVE = 'move';

const SETTLED = 'sent';

export function isMove(item) {
  return item.what === MOVE;
}

/** Opened at a task: its key is made now, so that whatever happens later it makes one step. */
export function newDecision(key, task, now, person) {
  return {
    key, what: MOVE, state: 'draft', started_at: now, photos: [], message: '', faults: [],
    person_id: person?.person_id ?? null, person_name: person?.name ?? '',
    number: task.number, version: task.version, task, fields: { move: null, words: {} },
  };
}

/** The body for POST /api/cases/{number}/moves. */
export function moveOf(item) {
  const { move, words } = item.fields;
  const photos = [...new Set(item.photos.map((photo) => photo.sha256))];
  const said = Object.entries(words).filter(([, value]) => value !== '' && value !== null);
  return {
    move, version: item.version,
    fields: { ...Object.fromEntries(said), ...(photos.length ? { photo: photos } : {}) },
  };
}

/**
 * An earlier decision on the same case that has not arrived (it waits, was refused, is being put right): the
 * later one must not overtake it. Earlier is what was handed in first, however often it was edited since.
 */
export function earlierOf(item, items) {
  if (!isMove(item)) return undefined;
  return items.find((other) => isMove(other) && other.number === item.number && other.key !== item.key
    && other.state !== SETTLED && other.first_at < item.first_at);
}

/** What happened to a case since `version`, from GET /api/cases/{number}. */
export function meanwhile(item, found) {
  const steps = found.history
    .filter((step) => (step.data?.version ?? 1) > item.version)
    .map(({ move_zh: zh, move_en: en, actor, at, note }) => ({ move_zh: zh, move_en: en, actor, at, note }));
  const same = found.moves.find((option) => option.move === item.fields.move);
  return {
    steps, version: found.version, state_zh: found.state_zh, state_en: found.state_en,
    allowed: Boolean(same) && !same.blocked_by_zh,
  };
}
