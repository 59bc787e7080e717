/**
 * The outgoing reports of this device. A report leaves the queue only when the server has said its number;
 * whatever else happens (no network, a refusal, an ended session, a closed browser) it stays, with its photos.
 *
 * States of a report: draft → waiting → sent, or waiting → refused → (edited) waiting.
 * Each report keeps the key made when its form was opened, so that sending it twice makes one case.
 */

export const State = Object.freeze({
  DRAFT: 'draft', WAITING: 'waiting', REFUSED: 'refused', SENT: 'sent',
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

/** Oldest first: the order in which things were seen is the order of their numbers. */
export function waitingOf(reports, personId) {
  return reports
    .filter((report) => report.state === State.WAITING
      && (report.person_id === null || report.person_id === personId))
    .sort((a, b) => a.submitted_at - b.submitted_at);
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
    await this.store.saveReport({
      ...draft, state: State.WAITING, person_id: draft.person_id ?? this.person?.person_id ?? null,
      person_name: draft.person_name || (this.person?.name ?? ''), submitted_at: this.clock.now(),
      message: '', faults: [],
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
    for (const report of waitingOf(await this.store.reports(), this.person.person_id)) {
      this.sending = report.key;
      this.changed();
      const found = await this._send(report).finally(() => { this.sending = null; });
      this._setLink(found);
      if (found !== Link.GOOD) return;
    }
    await this._dropOldSent();
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

  /** One report: its photos, then itself. Answers how the way to the server is. */
  async _send(report) {
    for (const photo of report.photos) {
      if (photo.sha256) continue;
      const answer = await this._sendPhoto(photo);
      if (!answer.ok) return this._keep(report, answer);
      photo.sha256 = answer.body.sha256;
      await this.store.saveReport(report); // after a break only the missing photos are sent
    }
    const found = await this._findCell(report);
    if (!found.ok) return this._keep(report, found);
    const answer = await this.api.postCase(report.key, payloadOf(report));
    if (!answer.ok) return this._keep(report, answer);
    const { number, grid_code: gridCode } = answer.body;
    await this.store.saveReport({
      ...report, state: State.SENT, number, grid_code: gridCode, sent_at: this.clock.now(), message: '' });
    await this.store.removePhotos(report.photos.map((photo) => photo.id));
    return Link.GOOD;
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

  async _sendPhoto(photo) {
    const kept = await this.store.photo(photo.id);
    if (!kept) return { ok: false, refused: true, message: '', faults: [{ field: 'photo', message: '' }] };
    return this.api.postPhoto(kept.bytes, kept.type);
  }

  /** Not accepted: keep it; a refusal needs a person's eye, everything else another attempt. */
  async _keep(report, answer) {
    if (!answer.refused) return linkOf(answer);
    await this.store.saveReport({
      ...report, state: State.REFUSED, message: answer.message, faults: answer.faults });
    return Link.GOOD; // the server answered: the next report may go
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
    const waits = waitingOf(await this.store.reports(), this.person?.person_id).length > 0;
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
