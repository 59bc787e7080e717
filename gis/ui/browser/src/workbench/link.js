/**
 * The state of the map behind the "#" of the page's address: written with replaceState, so that neither a pan nor a
 * tick costs the server anything, and read back when the page opens.
 *
 *   #map=15/39.92810/116.41640&layers=grids,cases*0.6&at=grids.grid.110101001001001&base=drawn&day=2026-11-01
 *
 * `map`, `layers` (lowest first, "*0.6" opacity) and `at` belong to the workbench, every other part to a tool.
 */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
const AT = /^([a-z][a-z0-9_]{0,39})\.([a-z][a-z0-9_]{0,39})\.(\d{1,16})$/;
const VIEW = /^(\d{1,2}(?:\.\d+)?)\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/;
const FIRST = ['map', 'layers', 'at', 'base'];
const LONGEST = 2000;

/** "15/39.92810/116.41640" → { zoom, lat, lng }; null for anything else. */
export function parseView(text) {
  const match = VIEW.exec(text ?? '');
  if (!match) return null;
  const [zoom, lat, lng] = match.slice(1).map(Number);
  return zoom > 22 || Math.abs(lat) > 85.06 || Math.abs(lng) > 180 ? null : { zoom, lat, lng };
}

export function formatView({ zoom, lat, lng }) {
  return `${Number(zoom.toFixed(2))}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
}

/** "grids,cases*0.6" → [{ id, opacity }], lowest first; null when there is no list, [] for an empty map. */
export function parseLayers(text) {
  if (text === null || text === undefined) return null;
  const seen = new Set();
  return text.split(',').map((part) => {
    const [id, share] = part.split('*');
    const opacity = share === undefined ? 1 : Number(share);
    return { id, opacity: opacity >= 0 && opacity <= 1 ? opacity : 1 };
  }).filter(({ id }) => NAME.test(id) && !seen.has(id) && seen.add(id));
}

export function formatLayers(shown) {
  return shown.map(({ id, opacity }) => (opacity < 1 ? `${id}*${Number(opacity.toFixed(2))}` : id)).join(',');
}

/** "grids.grid.110101001001001" → { layer, source, id }; null for anything else. */
export function parseAt(text) {
  const match = AT.exec(text ?? '');
  return match && Number.isSafeInteger(Number(match[3]))
    ? { layer: match[1], source: match[2], id: Number(match[3]) } : null;
}

export function formatAt(selected) {
  return `${selected.layer}.${selected.source}.${selected.id}`;
}

/** The parts of a state as a Map of texts. What cannot be read is left out. */
export function parseState(hash) {
  const parts = new Map();
  for (const part of (hash ?? '').slice(0, LONGEST).replace(/^#/, '').split('&')) {
    const cut = part.indexOf('=');
    const key = part.slice(0, cut);
    if (cut < 1 || !NAME.test(key) || parts.has(key)) continue;
    try { parts.set(key, decodeURIComponent(part.slice(cut + 1))); } catch { /* a broken escape: not ours */ }
  }
  return parts;
}

const plain = (value) => encodeURIComponent(value).replace(/%(2F|2C|3A|7C)/g, (sign) => decodeURIComponent(sign));

export function formatState(parts) {
  const keys = [...FIRST.filter((key) => parts.has(key)), ...[...parts.keys()].filter((key) => !FIRST.includes(key))];
  return keys.map((key) => `${key}=${plain(parts.get(key))}`).join('&');
}

/** What other pages' links say as parameters: `?layers=grids.cases&at=…` becomes parts of a state. */
export function partsOfQuery(search) {
  const query = new URLSearchParams(search);
  const parts = new Map();
  const layers = query.get('layers');
  if (layers !== null) parts.set('layers', layers.split('.').join(','));
  if (query.get('at')) parts.set('at', query.get('at'));
  return parts;
}

/** The page around the map's frame, when it is ours to read; else the frame itself. */
export function outerWindow() {
  try {
    return window.parent.location.origin === window.location.origin ? window.parent : window;
  } catch {
    return window;
  }
}

export class Link {
  constructor(page = outerWindow()) {
    this._page = page;
    this._path = page.location.pathname;
    this._listeners = new Map();
    this._written = page.location.hash;
    this.parts = new Map([...partsOfQuery(page.location.search), ...parseState(page.location.hash)]);
    // the page rewrites its address when its own parameters change, and forgets what stood behind "#"
    this._watch = setInterval(() => { if (!this._page.location.hash) this._write(); }, 1000);
    page.addEventListener('hashchange', this._read = () => this._reread());
    window.addEventListener('pagehide', () => this.close());
  }

  get(key) { return this.parts.get(key) ?? null; }

  /** Set one part, or take it away with null; the address changes once per frame, and only when it differs. */
  set(key, value) {
    if (this.get(key) === (value ?? null)) return;
    if (value === null || value === undefined) this.parts.delete(key);
    else this.parts.set(key, String(value));
    this._asked ??= setTimeout(() => this._write(), 60);
  }

  /** Call `listener(value)` when somebody else changes the part: an address typed in, a saved view. */
  on(key, listener) {
    if (!this._listeners.has(key)) this._listeners.set(key, new Set());
    this._listeners.get(key).add(listener);
    return () => this._listeners.get(key).delete(listener);
  }

  /** The state as text, as a saved view keeps it. */
  text() { return formatState(this.parts); }

  /** The whole address with the state as it is now. */
  address() {
    this._write();
    return this._page.location.href;
  }

  /** Take a whole state: parts it does not name are gone. Listeners of every part that differs are told. */
  take(text) {
    const before = this.parts;
    this.parts = parseState(text);
    for (const key of new Set([...before.keys(), ...this.parts.keys()])) {
      if (before.get(key) === this.parts.get(key)) continue;
      for (const listener of this._listeners.get(key) ?? []) listener(this.get(key));
    }
    this._write();
  }

  _reread() {
    const { hash } = this._page.location;
    if (hash && hash !== this._written && this._page.location.pathname === this._path) this.take(hash);
  }

  _write() {
    clearTimeout(this._asked);
    this._asked = undefined;
    const { pathname, search, hash } = this._page.location;
    if (pathname !== this._path) return; // the page is being left: another one owns the address
    const wanted = `#${this.text()}`;
    if (wanted === hash) return;
    this._page.history.replaceState(this._page.history.state, '', pathname + search + wanted);
    this._written = this._page.location.hash;
  }

  close() {
    clearInterval(this._watch);
    clearTimeout(this._asked);
    this._page.removeEventListener('hashchange', this._read);
  }
}
