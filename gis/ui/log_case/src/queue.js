/**
 * The outgoing reports and decisions of this device. An item leaves the queue only when the server has said
 * that it has it; whatever else happens (no network, a refusal, an ended session, a closed browser) it stays,
 * with its photos.
 *
 * States: draft → waiting → sent, or waiting → refused → (edited) waiting; a decision on a case that changed
 * meanwhile: waiting → conflict → (sent anyway) waiting. Each item keeps the key made when its form was
 * opened, so that sending it twice makes one case or one step.
 */

import { CONFLICT, earlierOf, isMove, meanwhile, moveOf } from './moves.js';

export const State = Object.freeze({
  DRAFT: 'draft', WAITING: 'waiting', REFUSED: 'refused', CONFLICT, SENT: 'sent',
});

/** What the last attempt found out about the way to the server. */
export const Link = Object.freeze({
  UNKNOWN: 'unknown', GOOD: 'good', AWAY: 'away', SIGNED_OUT: 'signed_out',
});

const PAUSES_S = [2, 5, 15, 30, 60];
export const SENT_KEPT = 20;

/** Seconds before attempt number `tries`, spread by ± 20 % so that a street of phones does not call at once. */
export function pauseBefore(tries, random = Math.random) {
  const base = PAUSES_S[Math.min(tries, PAUSES_S.length - 1)];
  return base * (0.8 + 0.4 * random());
}

/** A report that nobody was known for goes under whoever signs in; a decision is always somebody's. */
function isOf(item, personId) {
  return item.person_id === personId || (item.person_id === null && !isMove(item));
}

/** Oldest first: the order in which things were seen is the order of their numbers. */
export function waitingOf(reports, personId) {
  return reports
    .filter((report) => report.state === State.WAITING && isOf(report, personId))
    .sort((a, b) => a.submitted_at - b.submitted_at);
}

/** What can go now: not a decision whose case has an earlier one that has not arrived. */
export function readyOf(reports, personId) {
  return waitingOf(reports, personId).filter((item) => !earlierOf(item, reports));
}

/** The body for POST /api/cases. */
export function payloadOf(report) {
  const { place, ...rest } = report.fields;
  return {
    kind: rest.kind,
    class_code: rest.class_code,
    description: rest.description,
    lon: place.lon,
    lat: place.lat,
    accuracy_m: place.accuracy_m,
    grid_code: place.grid_code,
    located_by: place.located_by,
    photos: [...new Set(report.photos.map((photo) => photo.sha256))],
    client_time: new Date(report.submitted_at).toISOString(),
    ...(place.cell_choice ? { cell_choice: place.cell_choice } : {}),
    ...(Object.keys(rest.answers ?? {}).length ? { answers: rest.answers } : {}),
  };
}

/**
 * `store`: reports and photos of this device (store.js). `api`: the way to the server (api.js). `changed` is
 * called after every change. `clock` has now() in milliseconds, after(ms, call) and stop(handle).
 * `alone(work)` runs work while no other window of this browser does, or answers undefined at once.
 */
export class ReportQueue {
  constructor({ store, api, changed, clock, alone = (work) => work() }) {
    Object.assign(this, { store, api, changed, clock, alone });
    this.person = null;
    this.link = Link.UNKNOWN;
    this.sending = null; // key of the report on its way
    this._running = null;
    this._again = false;
    this._tries = 0;
    this._timer = null;
    this._stopped = false;
  }

  /** Who writes here: reports of somebody else on this device wait until they sign in again. */
  setPerson(person) {
    this.person = person;
  }

  /** Turn a draft into a report that is on its way. */
  async submit(draft) {
    const now = this.clock.now();
    await this.store.saveReport({
      ...draft, state: State.WAITING, person_id: draft.person_id ?? this.person?.person_id ?? null,
      person_name: draft.person_name || (this.person?.name ?? ''), submitted_at: now,
      first_at: draft.first_at ?? now, message: '', faults: [],
    });
    this.changed();
    return this.flush();
  }

  /** Send all that waits, one after another. Calls during a run make it look again at its end. */
  flush() {
    if (this._running) {
      this._again = true;
      return this._running;
    }
    this._stopTimer();
    this._running = this._run().finally(() => { this._running = null; });
    return this._running;
  }

  /** The form has left the page: finish what is on its way, plan nothing more. */
  stop() {
    this._stopped = true;
    this._stopTimer();
    this._again = false;
  }

  async _run() {
    do {
      this._again = false;
      await this.alone(() => this._sendAll());
    } while (this._again);
    await this._planNext();
  }

  async _sendAll() {
    await this._askWho();
    if (this.link !== Link.GOOD) return;
    const tried = new Set();
    for (let report = await this._next(tried); report; report = await this._next(tried)) {
      tried.add(report.key);
      this.sending = report.key;
      this.changed();
      const found = await this._send(report).finally(() => { this.sending = null; });
      this._setLink(found);
      if (found !== Link.GOOD) return;
    }
    await this._dropOldSent();
  }

  async _next(tried) {
    const ready = readyOf(await this.store.reports(), this.person.person_id);
    return ready.find((report) => !tried.has(report.key));
  }

  /** The cookie decides under whose name a report is filed, so it is asked before each round. */
  async _askWho() {
    const answer = await this.api.me();
    if (answer.ok && this.person && answer.body.person_id !== this.person.person_id) {
      this.setPerson(answer.body);
    } else if (answer.ok) {
      this.person ??= answer.body;
    }
    this._setLink(linkOf(answer));
  }

  /** One item: its photos, then itself. Answers how the way to the server is. */
  async _send(report) {
    for (const photo of report.photos) {
      if (photo.sha256) continue;
      const answer = await this._sendPhoto(photo, report.person_id);
      if (!answer.ok) return this._keep(report, answer);
      photo.sha256 = answer.body.sha256;
      await this.store.saveReport(report); // after a break only the missing photos are sent
    }
    return isMove(report) ? this._sendMove(report) : this._sendReport(report);
  }

  async _sendReport(report) {
    const found = await this._findCell(report);
    if (!found.ok) return this._keep(report, found);
    const answer = await this.api.postCase(report.key, payloadOf(report), report.person_id);
    if (!answer.ok) return this._keep(report, answer);
    const { number, grid_code: gridCode } = answer.body;
    return this._arrived(report, { number, grid_code: gridCode });
  }

  async _sendMove(item) {
    const answer = await this.api.postMove(item.key, item.number, moveOf(item), item.person_id);
    if (!answer.ok) return answer.status === 409 ? this._compare(item, answer) : this._keep(item, answer);
    await this._passOn(item, answer.body.version);
    return this._arrived(item, { version: answer.body.version });
  }

  async _arrived(report, said) {
    await this.store.saveReport({
      ...report, ...said, state: State.SENT, sent_at: this.clock.now(), message: '', meanwhile: null });
    await this.store.removePhotos(report.photos.map((photo) => photo.id));
    return Link.GOOD;
  }

  /** The next decision on the same case was made on top of this one: it goes on from the new version. */
  async _passOn(item, version) {
    const next = (await this.store.reports()).filter((other) =>
      other.follows === item.key && other.state === State.WAITING);
    for (const other of next) await this.store.saveReport({ ...other, version });
  }

  /** Refused by a rule, or decided on a case that has changed: the case itself tells which. */
  async _compare(item, answer) {
    const found = await this.api.case(item.number);
    if (!found.ok) return found.refused ? this._keep(item, found) : linkOf(found);
    if (found.body.version === item.version) {
      // nobody changed it: a rule says no, or somebody holds it at this moment
      return answer.error === 'conflict' ? Link.GOOD : this._keep(item, answer);
    }
    await this.store.saveReport({
      ...item, state: State.CONFLICT, message: answer.message, meanwhile: meanwhile(item, found.body) });
    return Link.GOOD;
  }

  /** The person has seen both sides and stays with the own decision; it may meet another change. */
  async sendAnyway(item) {
    await this.store.saveReport({
      ...item, state: State.WAITING, version: item.meanwhile.version, meanwhile: null, message: '' });
    this.changed();
    return this.flush();
  }

  /** A report placed by a typed code gets the middle of that cell, once: a repeat must send the same. */
  async _findCell(report) {
    const { place } = report.fields;
    if (place.lon !== null) return { ok: true };
    const answer = await this.api.cell(place.grid_code);
    if (answer.ok) {
      Object.assign(place, { lon: answer.body.lon, lat: answer.body.lat });
      await this.store.saveReport(report);
    }
    return answer.refused ? { ...answer, faults: [{ field: 'grid_code', message: answer.message }] } : answer;
  }

  async _sendPhoto(photo, personId) {
    const kept = await this.store.photo(photo.id);
    if (!kept) return { ok: false, refused: true, message: '', faults: [{ field: 'photo', message: '' }] };
    return this.api.postPhoto(kept.bytes, kept.type, personId);
  }

  /** Not accepted: keep it; a refusal needs a person's eye, everything else another attempt. */
  async _keep(report, answer) {
    if (!answer.refused) return linkOf(answer);
    await this.store.saveReport({
      ...report, state: State.REFUSED, message: answer.message, faults: answer.faults });
    return Link.GOOD; // the server answered: the next item may go
  }

  async _dropOldSent() {
    const sent = (await this.store.reports())
      .filter((report) => report.state === State.SENT)
      .sort((a, b) => b.sent_at - a.sent_at);
    for (const report of sent.slice(SENT_KEPT)) await this.store.removeReport(report.key);
  }

  _setLink(link) {
    if (link === Link.GOOD) this._tries = 0;
    this.link = link;
    this.changed();
  }

  async _planNext() {
    this.changed();
    const waits = readyOf(await this.store.reports(), this.person?.person_id).length > 0;
    if (this._stopped || !waits || this.link === Link.SIGNED_OUT) return;
    this._timer = this.clock.after(1000 * pauseBefore(this._tries++), () => this.flush());
  }

  _stopTimer() {
    if (this._timer !== null) this.clock.stop(this._timer);
    this._timer = null;
  }
}

function linkOf(answer) {
  if (answer.ok || answer.refused) return Link.GOOD;
  return answer.signedOut ? Link.SIGNED_OUT : Link.AWAY;
}
