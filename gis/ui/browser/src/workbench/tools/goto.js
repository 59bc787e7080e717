/** Go to a typed position. What the text means is found out by reading.js; GCJ-02 is chosen, never guessed. */
import { freshId, h } from '../dom.js';
import { waysList } from './coordinates.js';
import { GLYPHS } from './glyphs.js';
import { choice, ToolSheet, toolOf } from './parts.js';
import { asDecimal, asProjected, asSexagesimal, projectionOf } from './positions.js';
import { believed, readPosition } from './reading.js';

const ZOOM = 17;

class GoTo {
  constructor(bench) {
    this.bench = bench;
    this.projection = projectionOf(bench.config.crs);
    this.box = believed(bench.config.home);
    this.isGcj = false;
    this.sheet = new ToolSheet(bench);
  }

  start() {
    this.sheet.open(this.bench.say('tool.goto'), this._form());
    this._field.focus();
  }

  stop() {
    this.sheet.close();
    this.bench.bus.apply({ pin: null });
  }

  _form() {
    const { say } = this.bench;
    const fault = h('p', { class: 'wt-fault', role: 'alert', id: freshId('fault') });
    this._field = h('input', { type: 'text', class: 'wt-input', id: freshId('position'), maxlength: 120, autocomplete: 'off',
      spellcheck: 'false', 'aria-describedby': fault.id, on: { input: () => this._tell(null) } });
    this._fault = fault;
    this._found = h('div', { class: 'wt-found', hidden: true });
    this._list = waysList(this.bench, this.projection, 'wt-ways-tall');
    this._found.append(h('h3', {}, say('goto.here')), this._list.element);
    return h('form', { class: 'wt-form', novalidate: true, on: { submit: (event) => this._go(event) } },
      h('label', { for: this._field.id }, say('goto.label')), this._field, fault,
      choice(say('goto.system'), [{ value: 'cgcs2000', text: say('goto.cgcs2000') }, { value: 'gcj02', text: say('goto.gcj02') }],
        this.isGcj ? 'gcj02' : 'cgcs2000', (value) => { this.isGcj = value === 'gcj02'; this._tell(null); }),
      h('button', { type: 'submit', class: 'wb-button wt-button wt-main' }, say('goto.go')), this._found, this._examples());
  }

  _examples() {
    const { say, config } = this.bench;
    const [[s, w], [n, e]] = config.home;
    const at = [(w + e) / 2, (s + n) / 2];
    const texts = [asDecimal(at), asSexagesimal(at), asProjected(at, this.projection)];
    return h('div', { class: 'wt-note' }, h('p', {}, say('goto.examples', { crs: `${config.crs.name} (${config.crs.code})` })),
      h('ul', { class: 'wt-examples' }, texts.map((text) => h('li', {}, text))));
  }

  _tell(text) {
    this._fault.textContent = text ?? '';
    this._field.setAttribute('aria-invalid', String(Boolean(text)));
  }

  _go(event) {
    event.preventDefault();
    const { say, bus, map } = this.bench;
    const found = readPosition(this._field.value, { projection: this.projection, box: this.box, isGcj: this.isGcj });
    if (found.fault) {
      this._tell(say(found.fault, found.values));
      this._field.focus();
      return;
    }
    this._tell(null);
    const [lng, lat] = found.lnglat;
    bus.apply({ pin: [lat, lng] });
    this.bench.fit([lng, lat, lng, lat], { maxZoom: Math.max(map.getZoom(), ZOOM) });
    this._list.show(found.lnglat);
    this._found.hidden = false;
  }
}

export const goTo = toolOf({ id: 'goto', icon: GLYPHS.goto,
  word: 'tool.goto', group: 'go' }, GoTo);
