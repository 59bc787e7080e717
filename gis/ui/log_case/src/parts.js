/** The four questions of the form, in the order in which somebody in the street can answer them. */

import { SHOWN_MOST, sameClass } from './classes.js';
import { el, replace } from './dom.js';
import { NO_PLACE, PHOTOS_MOST, TEXT_MOST, gridCodeOf } from './draft.js';
import { EdgeView } from './edge_view.js';
import { PlaceMap } from './map.js';
import { PositionFinder, isAllowed } from './position.js';

/** One question: its heading, its body, and the place where its faults are said. */
export class Part {
  constructor(name, number, { words, changed }) {
    Object.assign(this, { name, words, changed });
    this.fault = el('p', { class: 'fault', role: 'alert', id: `fault-${name}` });
    this.body = el('div', { class: 'body' });
    this.node = el('section', { class: 'part', 'data-part': name },
      el('h2', {}, el('span', { class: 'step', 'aria-hidden': 'true' }, String(number)), words.say(name)),
      this.fault, this.body);
  }

  setFault(message) {
    this.fault.textContent = message;
    this.node.classList.toggle('wrong', Boolean(message));
  }
}

export class PhotoPart extends Part {
  /** `add(files)` and `remove(photo)` change the draft; `bytesOf(photo)` reads what is kept. */
  constructor(number, { words, add, remove, bytesOf }) {
    super('photo', number, { words });
    Object.assign(this, { add, remove, bytesOf });
    this.addresses = new Map();
    this.tiles = el('div', { class: 'photos' });
    this.take = this._chooser('take_photo', { capture: 'environment' }, 'primary-soft');
    this.choose = this._chooser('choose_photo', { multiple: true }, '');
    this.count = el('p', { class: 'hint' });
    this.body.append(el('div', { class: 'row' }, this.take, this.choose), this.tiles, this.count);
  }

  _chooser(label, options, style) {
    const input = el('input', { type: 'file', accept: 'image/jpeg,image/png,image/webp,image/*', ...options });
    input.addEventListener('change', () => {
      const files = [...input.files];
      input.value = '';
      this.add(files);
    });
    return el('label', { class: `button ${style}` }, this.words.say(label), input);
  }

  async show({ photos }) {
    const full = photos.length >= PHOTOS_MOST;
    for (const chooser of [this.take, this.choose]) {
      chooser.classList.toggle('off', full);
      chooser.querySelector('input').disabled = full;
    }
    this.count.textContent = this.words.say('photo_count', { count: photos.length, most: PHOTOS_MOST });
    const tiles = await Promise.all(photos.map((photo, place) => this._tile(photo, place)));
    replace(this.tiles, tiles);
    this._forgetOthers(photos);
  }

  async _tile(photo, place) {
    const name = this.words.say('photo_number', { number: place + 1 });
    if (!this.addresses.has(photo.id)) {
      const kept = await this.bytesOf(photo);
      const blob = new Blob(kept ? [kept.bytes] : [], { type: kept?.type });
      this.addresses.set(photo.id, URL.createObjectURL(blob));
    }
    return el('figure', {},
      el('img', { src: this.addresses.get(photo.id), alt: name }),
      el('button', { type: 'button', 'aria-label': this.words.say('remove_photo', { number: place + 1 }),
        onclick: () => this.remove(photo) }, '×'));
  }

  _forgetOthers(photos) {
    const shown = new Set(photos.map((photo) => photo.id));
    for (const [id, address] of this.addresses) {
      if (shown.has(id)) continue;
      URL.revokeObjectURL(address);
      this.addresses.delete(id);
    }
  }

  stop() {
    this._forgetOthers([]);
  }
}

export class PlacePart extends Part {
  /** `changed(place)` sets parts of the draft's place; `answered(code)` says in which of several grids it is. */
  constructor(number, { words, assets, view, name, changed, answered }) {
    super('place', number, { words, changed });
    this.edge = new EdgeView({ words, name, chosen: answered });
    this.finder = new PositionFinder({
      found: (best) => this.changed({ ...best, grid_code: null, located_by: 'gps' }),
      ended: (reason) => this._searched(reason),
    });
    this.find = el('button', { type: 'button', class: 'button primary-soft', onclick: () => this._find() },
      words.say('use_position'));
    this.said = el('p', { class: 'hint', role: 'status' });
    this.holder = el('div', { class: 'map', role: 'application', 'aria-label': words.say('map_label') });
    this.mapHint = el('p', { class: 'hint' }, words.say('map_hint'));
    this.code = el('input', { id: 'grid-code', inputmode: 'numeric', autocomplete: 'off', maxlength: '24',
      placeholder: words.say('grid_code_form'), 'aria-describedby': 'fault-place' });
    this.code.addEventListener('change', () => this._typed());
    this.body.append(this.find, this.said, this.edge.node, this.holder, this.mapHint,
      el('label', { class: 'field', for: 'grid-code' }, words.say('grid_code')), this.code);
    this.map = new PlaceMap({ holder: this.holder, assets, view, label: words.say('map_point'),
      picked: (point) => this._picked(point) });
  }

  /** A phone that may know its position says it without being asked. */
  async findIfAllowed(isWanted) {
    if (await isAllowed() && isWanted()) this._find();
  }

  start() {
    this.map.start().catch(() => {
      this.holder.hidden = true;
      this.mapHint.textContent = this.words.say('map_needs_network');
    });
  }

  stop() {
    this.finder.stop();
    this.map.stop();
  }

  show({ fields: { place } }) {
    this.place = place;
    this.map.show(place);
    if (!this.code.matches(':focus')) this.code.value = place.grid_code ?? '';
    this.said.textContent = this._sentence(place);
    this.edge.show(place);
  }

  _sentence(place) {
    const { say } = this.words;
    if (place.located_by === 'grid_code') return say('place_by_code', { code: place.grid_code });
    if (place.lon === null) return this.finder.searching ? say('searching') : '';
    const at = place.found ? ` ${place.found}` : ` ${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`;
    if (place.located_by === 'map') return say('place_by_map') + at;
    const metres = Math.round(place.accuracy_m);
    return say(metres > 50 ? 'place_by_gps_poor' : 'place_by_gps', { metres }) + at;
  }

  /** Somebody who asks again has moved: the old position must not go out meanwhile. */
  _find() {
    this.finder.stop();
    this.finder.start();
    if (this.place.located_by === 'gps' && this.finder.searching) this.changed({ ...NO_PLACE });
    else if (this.finder.searching) this.said.textContent = this.words.say('searching');
  }

  _searched(reason) {
    if (reason) this.said.textContent = this.words.say(`position_${reason}`);
  }

  _picked(point) {
    this.finder.stop();
    this.changed({ ...point, accuracy_m: null, grid_code: null, located_by: 'map' });
  }

  _typed() {
    const typed = this.code.value.trim();
    const code = gridCodeOf(typed);
    if (typed && !code) {
      this.setFault(this.words.say('grid_code_wrong', { typed }));
      return;
    }
    this.finder.stop();
    this.changed({ lon: null, lat: null, accuracy_m: null, grid_code: code, located_by: code && 'grid_code' });
  }
}

export class KindPart extends Part {
  /** `changed({ kind, class_code })`. `names(item)` writes a class in the language of the screen. */
  constructor(number, { words, classes, names, changed }) {
    super('kind', number, { words, changed });
    Object.assign(this, { classes, names });
    this.kinds = el('div', { class: 'row choice', role: 'group', 'aria-label': words.say('kind') });
    this.chosen = el('p', { class: 'chosen' });
    this.query = el('input', { type: 'search', id: 'class-search', autocomplete: 'off',
      placeholder: words.say('class_search') });
    this.query.addEventListener('input', () => this._list());
    this.query.addEventListener('focus', () => this._browse(true));
    this.found = el('div', { class: 'found', role: 'group', 'aria-label': words.say('class_list') });
    this.more = el('p', { class: 'hint', role: 'status' });
    this.body.append(this.kinds, this.chosen,
      el('label', { class: 'field', for: 'class-search' }, words.say('class_label')),
      this.query, this.found, this.more);
  }

  show({ fields }) {
    this.fields = fields;
    replace(this.kinds, ['event', 'component'].map((kind) => this._kindButton(kind)));
    const item = fields.class_code && this.classes.get(fields.kind, fields.class_code);
    this.chosen.textContent = fields.class_code ? this._title(item, fields.class_code) : '';
    this.chosen.hidden = !fields.class_code;
    this._browse(!fields.class_code);
  }

  _kindButton(kind) {
    const on = this.fields.kind === kind;
    return el('button', { type: 'button', 'aria-pressed': String(on), class: 'button',
      onclick: () => !on && this.changed({ kind, class_code: null }) }, this.words.say(kind));
  }

  _title(item, code) {
    return item ? `${item.code} ${this.names(item).name}` : code;
  }

  /** With a class chosen the list is out of the way until the search is touched again. */
  _browse(open) {
    this.open = open;
    this._list();
  }

  _list() {
    this.found.hidden = this.more.hidden = !this.open;
    if (!this.open) return;
    const items = this.classes.find(this.fields.kind, this.query.value);
    replace(this.found, items.slice(0, SHOWN_MOST).map((item) => this._option(item)));
    const rest = items.length - SHOWN_MOST;
    this.more.textContent = !this.classes.all.length ? this.words.say('classes_missing')
      : !items.length ? this.words.say('class_none')
        : rest > 0 ? this.words.say('class_more', { count: rest }) : '';
  }

  _option(item) {
    const { name, group } = this.names(item);
    const on = sameClass(item, { kind: this.fields.kind, code: this.fields.class_code });
    return el('button', { type: 'button', 'aria-pressed': String(on), class: 'option',
      'data-code': item.code, onclick: () => this._choose(item) },
    el('span', { class: 'code' }, item.code), el('span', {}, name), el('small', {}, group));
  }

  _choose(item) {
    this.query.value = '';
    this.changed({ kind: item.kind, class_code: item.code });
  }
}

export class TextPart extends Part {
  constructor(number, { words, changed }) {
    super('text', number, { words, changed });
    this.area = el('textarea', { id: 'description', rows: '4', 'aria-describedby': 'fault-text',
      'aria-label': words.say('text'), placeholder: words.say('text_hint') });
    this.count = el('p', { class: 'hint' });
    this.area.addEventListener('input', () => {
      this._count();
      this.changed(this.area.value);
    });
    this.body.append(this.area, this.count);
  }

  show({ fields }) {
    if (this.area.value !== fields.description) this.area.value = fields.description;
    this._count();
  }

  _count() {
    const count = this.area.value.length;
    this.count.textContent = this.words.say('text_count', { count, most: TEXT_MOST });
    this.count.classList.toggle('over', count > TEXT_MOST);
  }
}
