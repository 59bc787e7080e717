/**
 * One question every two seconds for the whole page: which layers have changed, and where cases have. Layers that have
 * changed take their new version; of live layers only the tiles that hold a changed case are asked again. A hidden page
 * asks nothing. While the server is away, or the person signed out, it asks less often and recovers by itself.
 */
const EVERY_MS = 2000;
const WAITS_MS = [2000, 4000, 8000, 15000];

/** How long to wait after so many failures in a row. */
export function waitAfter(failures) {
  return failures === 0 ? EVERY_MS : WAITS_MS[Math.min(failures, WAITS_MS.length) - 1];
}

export class Changes {
  constructor(bench) {
    this.bench = bench;
    this.tag = null;
    this.failures = 0;
    this.signedOut = false;
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.now(); });
    window.addEventListener('online', () => this.now());
    window.addEventListener('focus', () => { if (this.failures) this.now(); });
  }

  /** Ask once and then on and on; the promise is the end of the first question, answered or not. */
  start() {
    return this._once();
  }

  /** Ask at once, when nothing is being asked. */
  now() {
    if (!this._asking) this._once();
  }

  async _once() {
    clearTimeout(this._timer);
    if (document.hidden && this.tag !== null) return; // the next look at the page starts it again
    this._asking = true;
    try {
      this._take(await this.bench.ask('/map/changes', { params: { since: this.tag } }));
      this._recovered();
    } catch (error) {
      this._failed(error);
    }
    this._asking = false;
    this._timer = setTimeout(() => this._once(), waitAfter(this.failures));
  }

  _take({ tag, layers, cases }) {
    const { pile } = this.bench;
    const first = this.tag === null;
    this.tag = tag;
    const touched = first || !cases || cases.all ? null : cases.points;
    const renewed = Object.keys(layers ?? {}).filter((id) => pile.setVersion(id, layers[id], touched));
    if (first || !cases || (!cases.all && !cases.points.length)) return;
    for (const { id, live } of pile.entries.values()) {
      if (!live || !pile.isShown(id) || renewed.includes(id)) continue;
      if (touched) pile.layer(id)?.touch(touched); else pile.layer(id)?.reload();
    }
    this.bench.legend.ask();
    this.bench.map.fire('wanmi:cases', { points: cases.points, all: cases.all });
  }

  _recovered() {
    const { trouble, pile } = this.bench;
    trouble.set('poll', false);
    trouble.set('tiles', this.bench.bus.isFailing());
    trouble.set('signed_out', false);
    if (this.signedOut) for (const { id } of pile.list()) pile.layer(id)?.reload();
    if (this.failures) this.bench.legend.ask();
    this.failures = 0;
    this.signedOut = false;
  }

  _failed(error) {
    this.failures++;
    this.signedOut = error.status === 401;
    const { trouble } = this.bench;
    trouble.set('signed_out', this.signedOut);
    trouble.set('poll', !this.signedOut);
  }
}
