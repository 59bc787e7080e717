/** Tasks as data: how far, how long, in which order; and what a device keeps of them for today. */

const WORK = 'work';
const EARTH_M = 6_371_008.8;
const DIRECTIONS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'];
const MINUTE_MS = 60_000;

const radians = (degrees) => (degrees * Math.PI) / 180;

/** Metres between two points { lon, lat } on the sphere. */
export function distanceM(a, b) {
  const [dLat, dLon] = [radians(b.lat - a.lat), radians(b.lon - a.lon)];
  const h = Math.sin(dLat / 2) ** 2
    + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** One of eight: where `to` lies seen from `from`. */
export function directionOf(from, to) {
  const east = (to.lon - from.lon) * Math.cos(radians(from.lat));
  const angle = (Math.atan2(east, to.lat - from.lat) * 180) / Math.PI;
  return DIRECTIONS[Math.round(angle / 45 + 8) % 8];
}

/** A stretch of time in at most two units, rounded down: [[2, 'days'], [4, 'hours']]; [] under a minute. */
export function spanOf(ms) {
  const minutes = Math.floor(Math.abs(ms) / MINUTE_MS);
  const parts = [[Math.floor(minutes / 1440), 'days'], [Math.floor(minutes / 60) % 24, 'hours'],
    [minutes % 60, 'minutes']];
  const first = parts.findIndex(([n]) => n > 0);
  return first < 0 ? [] : parts.slice(first, first + 2).filter(([n]) => n > 0);
}

/** green, yellow, red, or null: no clock runs. The same shares as on every other screen. */
export function lampOf({ due_at: due, started_at: started }, now, yellowAfter) {
  if (!due) return null;
  const end = Date.parse(due);
  if (now > end) return 'red';
  const begin = Math.min(started ? Date.parse(started) : now, now);
  return now - begin > yellowAfter * (end - begin) ? 'yellow' : 'green';
}

const dueOf = (task) => (task.due_at ? Date.parse(task.due_at) : Infinity);

/** `by` is 'distance' or 'time'; without a position time decides. Equal ones by the other, then the number. */
export function sorted(tasks, { by, here }) {
  const far = (task) => (here ? distanceM(here, task) : 0);
  const time = (a, b) => (dueOf(a) === dueOf(b) ? 0 : dueOf(a) - dueOf(b));
  const way = (a, b) => far(a) - far(b);
  const keys = by === 'distance' && here ? [way, time] : [time, way];
  return [...tasks].sort((a, b) => keys[0](a, b) || keys[1](a, b) || (a.number < b.number ? -1 : 1));
}

/** The day as the person with the phone counts it. */
export function dayOf(ms) {
  const day = new Date(ms);
  return `${day.getFullYear()}-${day.getMonth() + 1}-${day.getDate()}`;
}

/**
 * Today's tasks of one person on this device. Whatever belongs to another day, to somebody else, or was kept
 * before somebody signed out, is removed when it is looked at and never shown.
 */
export class KeptWork {
  /** `leftAt()` answers when somebody last signed out in this browser: seconds of the server, or 0. */
  constructor({ store, api, now = Date.now, leftAt = () => 0 }) {
    Object.assign(this, { store, api, now, leftAt });
    this.kept = null;
  }

  async open(person) {
    const kept = await this.store.fact(WORK);
    const mine = kept && person && kept.person_id === person.person_id;
    if (mine && !this._isOld(kept)) this.kept = kept;
    else await this.forget();
    return this.kept;
  }

  _isOld(kept = this.kept) {
    return Boolean(kept) && (kept.day !== dayOf(this.now()) || kept.server_time <= this.leftAt());
  }

  /** Ask for what has changed. `me` is the answer to "who is signed in". Answers the way to the server. */
  async renew(me) {
    if (me.signedOut || this._isOld()) await this.forget();
    if (!me.ok) return me;
    const { person_id: personId, server_time: serverTime } = me.body;
    await this.open({ person_id: personId });
    const answer = await this.api.tasks(this.kept?.tag);
    if (answer.signedOut || answer.refused) await this.forget();
    if (!answer.ok) return answer;
    if (!answer.same && answer.body.person_id !== personId) return { away: true }; // changed between the two
    const body = answer.same ? this.kept.body : answer.body;
    this.kept = {
      ...this.kept, body, tag: answer.same ? this.kept.tag : answer.tag, person_id: personId,
      day: dayOf(this.now()), at: this.now(), server_time: serverTime,
    };
    this._dropOldThumbs();
    await this.store.setFact(WORK, this.kept);
    return answer;
  }

  _dropOldThumbs() {
    const wanted = new Set(this.kept.body.tasks.flatMap((task) => task.photos.map((photo) => photo.sha256)));
    const thumbs = Object.entries(this.kept.thumbs ?? {}).filter(([sha]) => wanted.has(sha));
    this.kept.thumbs = Object.fromEntries(thumbs);
  }

  /** A small picture of a task as { bytes, type }: from the device, else from the server, then kept. */
  async thumb(sha256) {
    const { kept } = this;
    if (!kept) return null;
    if (!kept.thumbs[sha256]) {
      const answer = await this.api.thumb(sha256);
      if (!answer.ok || this.kept !== kept) return null;
      kept.thumbs[sha256] = answer.body;
      await this.store.setFact(WORK, kept);
    }
    return kept.thumbs[sha256];
  }

  async forget() {
    this.kept = null;
    await this.store.removeFact(WORK);
  }
}
