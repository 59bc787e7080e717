/** The phone's own position: watched until it is good enough, with its accuracy. */

const GOOD_ENOUGH_M = 10;
const LONGEST_MS = 30_000;

/** Seven decimals are a centimetre: what a phone says beyond that is noise. */
function round(degrees) {
  return Number(degrees.toFixed(7));
}

/** Whether asking now would show no question: the person has allowed it before. */
export async function isAllowed() {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted';
  } catch {
    return false;
  }
}

export class PositionFinder {
  constructor({ found, ended }) {
    Object.assign(this, { found, ended });
    this._watch = null;
    this._timer = null;
    this._best = null;
  }

  get searching() {
    return this._watch !== null;
  }

  start() {
    if (this.searching) return;
    if (!navigator.geolocation || !window.isSecureContext) {
      this.ended('impossible');
      return;
    }
    this._best = null;
    this._timer = setTimeout(() => this._end(this._best ? null : 'timeout'), LONGEST_MS);
    this._watch = navigator.geolocation.watchPosition(
      (position) => this._take(position.coords),
      (error) => this._failed(error),
      { enableHighAccuracy: true, maximumAge: 0, timeout: LONGEST_MS });
  }

  stop() {
    if (!this.searching) return;
    navigator.geolocation.clearWatch(this._watch);
    clearTimeout(this._timer);
    this._watch = null;
  }

  _take({ longitude, latitude, accuracy }) {
    if (this._best && accuracy >= this._best.accuracy_m) return;
    this._best = { lon: round(longitude), lat: round(latitude), accuracy_m: Math.round(accuracy * 10) / 10 };
    this.found(this._best);
    if (accuracy <= GOOD_ENOUGH_M) this._end(null);
  }

  _failed(error) {
    if (error.code === error.PERMISSION_DENIED) this._end('denied');
    else if (!this._best) this._end('timeout');
  }

  _end(reason) {
    this.stop();
    this.ended(reason);
  }
}
