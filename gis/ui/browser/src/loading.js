/**
 * How the tiles of a layer come: asked, decoded and painted in turn (queue.js), asked again when the server was
 * away, given up when nobody looks at them any more. A part of the layer (layer.js), which mixes it in.
 *
 * A *record* is what the layer knows of one tile: { canvas, coords, ratio, side (device pixels), tile, bytes, settle,
 * abort, waiting, tries, timer, done (Leaflet's, called once: until then the picture of another zoom stays) }.
 */
import { decodeTile } from './decode.js';
import { paintTile } from './paint.js';
import { queueOf } from './queue.js';

const RETRY_SECONDS = [2, 5, 15, 30];

const isAbort = (error) => error.name === 'AbortError';

export const LOADING = {
  /** @param {boolean} fresh  pass over what the browser keeps for this address */
  async _load(record, fresh = false) {
    record.abort?.abort();
    const abort = new AbortController();
    record.abort = abort;
    record.waiting = true;
    this.stats.requests++;
    try {
      const response = await fetch(this._address(record.coords), {
        credentials: 'same-origin', signal: abort.signal, cache: fresh ? 'no-cache' : 'default' });
      const bytes = await this._bytesOf(response);
      await this._painted(record, bytes, abort.signal);
      record.tries = 0;
      this._ready(record, null);
    } catch (error) {
      if (!isAbort(error)) this._retryLater(record, error);
      throw error;
    } finally {
      if (record.abort === abort) record.waiting = false; // else a later request has taken over
    }
  },

  async _bytesOf(response) {
    if (response.status === 401) {
      this.fire('wanmi:unauthorised', { status: 401 });
      throw Object.assign(new Error('session closed'), { final: true });
    }
    if (response.status === 404 || response.status === 204) return new ArrayBuffer(0);
    if (!response.ok) {
      throw Object.assign(new Error(`tile ${response.status}`), { final: response.status < 500 });
    }
    return response.arrayBuffer();
  },

  /** Hand bytes to the queue; resolves when their picture stands on the tile. */
  _painted(record, bytes, signal) {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      record.bytes = bytes;
      record.settle = { resolve, reject };
      this._enqueue(record);
    });
  },

  /** Decode (when new bytes are there) and paint a tile at its turn. */
  _enqueue(record) {
    if (!this._map || !this._records.has(record.canvas)) return;
    this._unpainted.add(record);
    queueOf(this._map).add(record, {
      priority: () => (this._records.has(record.canvas) ? this._distance(record) : null),
      run: () => this._work(record),
    });
  },

  /** Pixels of the tile from the middle of the view: what one looks at comes first. */
  _distance({ coords }) {
    if (!this._map) return null;
    const size = this.getTileSize().x;
    const middle = this._map.project(this._map.getCenter(), coords.z);
    return Math.hypot(middle.x - (coords.x + 0.5) * size, middle.y - (coords.y + 0.5) * size);
  },

  * _work(record) {
    try {
      if (record.bytes) { this._decode(record); yield; }
      if (record.tile) yield* this._paint(record);
      record.settle?.resolve();
    } catch (error) {
      record.settle?.reject(error);
    }
    this._unpainted.delete(record);
    this.fire('wanmi:painted');
  },

  _decode(record) {
    const start = performance.now();
    const { bytes } = record;
    record.bytes = null;
    record.tile = decodeTile(bytes);
    this.stats.decode_ms += performance.now() - start;
    this.stats.tiles++;
    this.stats.bytes += bytes.byteLength;
    for (const layer of record.tile.values()) this.stats.features += layer.length;
  },

  /** Paint beside the tile, then put the finished picture on it: nobody sees a half one. */
  * _paint(record) {
    const { canvas, side } = record;
    const aside = this._aside ??= document.createElement('canvas');
    if (aside.width !== side) aside.width = aside.height = side;
    const steps = paintTile(aside.getContext('2d', { willReadFrequently: true }), record.tile, this._view(record));
    let isSeen = false;
    for (;;) {
      const start = performance.now();
      const { done, value } = steps.next();
      this.stats.paint_ms += performance.now() - start;
      if (done) { isSeen = value; break; }
      yield;
    }
    const wanted = isSeen ? side : 0;
    if (canvas.width !== wanted) canvas.width = canvas.height = wanted;
    if (!isSeen) return;
    const context = canvas.getContext('2d');
    context.globalCompositeOperation = 'copy';
    context.drawImage(aside, 0, 0);
  },

  _ready(record, error) {
    const { done } = record;
    record.done = null;
    done?.(error, record.canvas);
  },

  /** The server or the network was away: ask again, less and less often, while the tile is in view. */
  _retryLater(record, error) {
    this.fire('wanmi:unavailable', { error });
    if (error.final) this._ready(record, error);
    if (error.final || !this._records.has(record.canvas)) return;
    const wait = RETRY_SECONDS[Math.min(record.tries, RETRY_SECONDS.length - 1)];
    record.tries++;
    record.timer = setTimeout(() => {
      this._load(record).then(() => { if (!this.isFailing()) this.fire('wanmi:available'); }, () => {});
    }, wait * 1000);
  },

  _forget(canvas) {
    const record = this._records.get(canvas);
    if (!record) return;
    record.abort?.abort();
    clearTimeout(record.timer);
    this._records.delete(canvas);
    this._unpainted.delete(record);
  },

  /** Take away tiles that nobody will see and that have no picture yet; painted ones stay until replaced. */
  _giveUp(isUnwanted) {
    for (const [key, entry] of Object.entries(this._tiles)) {
      if (entry.loaded || !isUnwanted(entry)) continue;
      this._forget(entry.el);
      entry.el.remove();
      delete this._tiles[key];
      this.fire('tileabort', { tile: entry.el, coords: entry.coords });
    }
    if (this._loading && this._noTilesToLoad()) {
      this._loading = false;
      this.fire('load');
    }
  },
};
