/**
 * Search with suggestions: a combobox as the ARIA authoring practices describe it. Suggestions come from /map/suggest
 * after a short pause in typing; an older question is taken back when a newer one is asked.
 */
import { h, icon, iconButton, freshId, refill } from './dom.js';

const PAUSE_MS = 150;
const LEAST = 2;
const LONGEST = 60;

/** Where `wanted` stands in `title`, as [before, match, after]; the whole title where it does not. */
export function splitMatch(title, wanted) {
  const at = wanted ? title.toLowerCase().indexOf(wanted.toLowerCase()) : -1;
  if (at < 0) return [title, '', ''];
  const end = at + wanted.length;
  return [title.slice(0, at), title.slice(at, end), title.slice(end)];
}

/** The option after `at` when an arrow is pressed; -1 is the text itself. */
export function nextOption(at, step, count) {
  const next = at + step;
  if (next < -1) return count - 1;
  return next >= count ? -1 : next;
}

export class Search {
  constructor(bench) {
    this.bench = bench;
    this.hits = [];
    this.at = -1;
    const { say, layout } = bench;
    this.list = h('ul', { class: 'wb-hits', role: 'listbox', id: freshId('hits'), 'aria-label': say('search.hits'),
      hidden: true });
    this.state = h('div', { class: 'wb-search-state', role: 'status', hidden: true });
    this.input = h('input', { type: 'text', role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false',
      'aria-controls': this.list.id, 'aria-label': say('search.title'), placeholder: say('search.placeholder'),
      maxlength: LONGEST, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'search',
      on: { input: (event) => { if (!event.isComposing) this._typed(); }, compositionend: () => this._typed(),
        keydown: (event) => this._key(event), focus: () => this._reopen() } });
    this.clearer = iconButton('close', say('search.clear'), () => this.clear(), { hidden: true });
    layout.search.append(icon('search', 18), this.input, this.clearer,
      h('div', { class: 'wb-search-drop' }, this.list, this.state));
    layout.search.addEventListener('focusout', (event) => {
      if (!layout.search.contains(event.relatedTarget)) this._close();
    });
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  clear() {
    this.input.value = '';
    this._typed();
    this.bench.bus.apply({ pin: null });
    this.input.focus();
  }

  _typed() {
    clearTimeout(this._asked);
    this._abort?.abort();
    const wanted = this.input.value.trim();
    this.clearer.hidden = !this.input.value;
    if (wanted.length < LEAST) { this._show([], null); return; }
    this._asked = setTimeout(() => this._ask(wanted), PAUSE_MS);
  }

  async _ask(wanted) {
    const { ask, say } = this.bench;
    this._abort = new AbortController();
    const { signal } = this._abort;
    try {
      const { hits } = await ask('/map/suggest', { params: { q: wanted }, signal });
      this._wanted = wanted;
      this._show(hits, hits.length ? null : say('search.nothing'));
      if (this._enter) { this._enter = false; if (hits.length) this.choose(hits[0]); }
    } catch (error) {
      if (error.name !== 'AbortError') this._show([], error.message);
    }
  }

  _show(hits, sentence) {
    this.hits = hits;
    this.at = -1;
    refill(this.list, hits.map((hit, at) => this._option(hit, at)));
    this.list.hidden = hits.length === 0;
    this.state.hidden = sentence === null;
    this.state.textContent = sentence ?? '';
    this.input.setAttribute('aria-expanded', String(hits.length > 0));
    this.input.removeAttribute('aria-activedescendant');
  }

  _option(hit, at) {
    const [before, match, after] = splitMatch(hit.title ?? '', this._wanted);
    return h('li', { role: 'option', id: `${this.list.id}-${at}`, 'aria-selected': 'false',
      on: { pointerdown: (event) => event.preventDefault(), click: () => this.choose(hit) } },
    h('span', { class: 'wb-hit-title' }, before, match && h('mark', {}, match), after),
    h('span', { class: 'wb-hit-kind' }, hit.kind), hit.where && h('span', { class: 'wb-hit-where' }, hit.where));
  }

  _key(event) {
    if (event.isComposing) return; // a Chinese word is being put together
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.hits.length) {
      event.preventDefault();
      this._mark(nextOption(this.at, step, this.hits.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this._accept();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (!this.list.hidden || !this.state.hidden) this._close();
      else if (this.input.value) this.clear();
      else this.bench.map.getContainer().focus();
    }
  }

  /** Enter takes the marked suggestion, else the first; one that is still on its way is waited for. */
  _accept() {
    const fresh = this._wanted === this.input.value.trim();
    const hit = this.hits[Math.max(this.at, 0)];
    if (hit && (fresh || this.at >= 0)) this.choose(hit);
    else if (!fresh && this.input.value.trim().length >= LEAST) {
      this._enter = true;
      clearTimeout(this._asked);
      this._ask(this.input.value.trim());
    } else this._reopen();
  }

  _mark(at) {
    this.at = at;
    [...this.list.children].forEach((option, index) => option.setAttribute('aria-selected', String(index === at)));
    if (at < 0) { this.input.removeAttribute('aria-activedescendant'); return; }
    this.input.setAttribute('aria-activedescendant', `${this.list.id}-${at}`);
    this.list.children[at].scrollIntoView({ block: 'nearest' });
  }

  _reopen() {
    if (!this.hits.length || this._wanted !== this.input.value.trim()) return;
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
  }

  _close() {
    this.list.hidden = true;
    this.state.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this._mark(-1);
  }

  /** Go to what was found: its layer on, itself selected, or a pin where it is no feature of a layer. */
  choose(hit) {
    const { bus, pile, panel } = this.bench;
    this.input.value = hit.title;
    this._wanted = hit.title;
    this.clearer.hidden = false;
    this._close();
    const [west, south, east, north] = hit.bounds;
    const point = hit.point ?? [(west + east) / 2, (south + north) / 2];
    const feature = hit.layer && pile.has(hit.layer) ? { layer: hit.layer, source: hit.source, id: hit.id } : null;
    if (feature) pile.show(feature.layer);
    bus.apply({ pin: feature ? null : [point[1], point[0]] });
    if (feature) panel.showFeature(feature);
    else panel.showPlace(hit.title, { lng: point[0], lat: point[1] });
    this.bench.fit(hit.bounds);
  }
}
