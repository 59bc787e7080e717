/**
 * The layer tree, in two readings: by subject (groups, ticks, legends) and by pile (what lies above what, to be moved
 * by pulling or with the keyboard). Both are drawn from the pile, which is the truth.
 */
import { h, icon, iconButton, refill } from './dom.js';
import { placedAbove } from './pile.js';

const COMMON = 3;

export class Tree {
  constructor(bench, legend) {
    this.bench = bench;
    this.legend = legend;
    this.rows = new Map();
    const { say, layout } = bench;
    layout.left.heading.textContent = say('tree.title');
    this.modes = ['groups', 'order'].map((mode) => h('button', { type: 'button',
      'aria-pressed': String(mode === 'groups'), data: { mode }, on: { click: () => this.read(mode) } }, say(`tree.${mode}`)));
    const reading = { class: 'wb-modes', role: 'group', 'aria-label': say('tree.reading') };
    layout.left.tools.append(h('div', reading, this.modes));
    this.groups = h('div', { class: 'wb-groups' });
    this.pile = h('ol', { class: 'wb-pile', hidden: true });
    layout.left.body.append(this.groups, this.pile);
    this.common = this._common();
    this._drawGroups();
    this._drawBase();
    this.groups.append(...[...this.common].map((note) => h('p', { class: 'wb-note wb-foot' }, note)));
    bench.pile.on(() => this.update());
    bench.map.on('zoomend', () => this._hints());
    this.update();
  }

  /** By subject ('groups') or by pile ('order'). */
  read(mode) {
    for (const button of this.modes) button.setAttribute('aria-pressed', String(button.dataset.mode === mode));
    this.groups.hidden = mode !== 'groups';
    this.pile.hidden = mode !== 'order';
  }

  _drawGroups() {
    const { config, pile } = this.bench;
    const upper = [...pile.order].reverse().map((id) => pile.entries.get(id));
    for (const group of config.groups ?? []) {
      const inside = upper.filter((entry) => entry.group === group.id);
      if (!inside.length) continue;
      this.groups.append(h('details', { class: 'wb-group', open: true, data: { id: group.id } },
        h('summary', {}, icon('chevron', 14), h('h3', {}, group.title)),
        h('ul', {}, inside.map((entry) => this._row(entry)))));
    }
  }

  _row(entry) {
    const { pile, say } = this.bench;
    const box = h('input', { type: 'checkbox', on: { change: () => pile.show(entry.id, box.checked) } });
    const options = h('div', { class: 'wb-layer-options', hidden: true });
    const opener = iconButton('sliders', say('layer.options', { layer: entry.title }), () => {
      options.hidden = !options.hidden;
      opener.setAttribute('aria-expanded', String(!options.hidden));
    }, { 'aria-expanded': 'false' });
    options.append(this._slider(entry), this._order(entry));
    const hint = h('p', { class: 'wb-hint', hidden: true });
    const below = h('div', { class: 'wb-layer-below' }, this.legend.signs(entry), this._notes(entry));
    const element = h('li', { class: 'wb-layer', data: { id: entry.id } },
      h('div', { class: 'wb-layer-row' },
        h('label', {}, box, this.legend.only(entry), h('span', { class: 'wb-layer-title' }, entry.title)),
        this.legend.total(entry.id), opener),
      hint, options, below);
    this.rows.set(entry.id, { entry, element, box, hint, below, opener, options });
    return element;
  }

  /** What most layers would say stands once, at the foot of the tree. */
  _common() {
    const said = new Map();
    for (const { notes } of this.bench.pile.entries.values()) {
      for (const note of new Set(notes ?? [])) said.set(note, (said.get(note) ?? 0) + 1);
    }
    return new Set([...said].filter(([, times]) => times >= COMMON).map(([note]) => note));
  }

  _notes(entry) {
    return (entry.notes ?? []).filter((note) => !this.common.has(note)).map((note) => h('p', { class: 'wb-note' }, note));
  }

  _slider(entry) {
    const { pile, say, number } = this.bench;
    const shown = h('output', {}, `${number(pile.opacity(entry.id) * 100)} %`);
    const slider = h('input', { type: 'range', min: 0, max: 100, step: 5, value: pile.opacity(entry.id) * 100,
      'aria-label': say('layer.opacity_of', { layer: entry.title }),
      on: { input: () => pile.setOpacity(entry.id, Number(slider.value) / 100) } });
    pile.on(() => {
      const percent = Math.round(pile.opacity(entry.id) * 100);
      shown.textContent = `${number(percent)} %`;
      if (Number(slider.value) !== percent) slider.value = percent;
    });
    return h('label', { class: 'wb-slider' }, h('span', {}, say('layer.opacity')), slider, shown);
  }

  _order(entry) {
    const { pile, say } = this.bench;
    return h('div', { class: 'wb-order-buttons' },
      h('span', {}, say('layer.order')),
      iconButton('up', say('layer.raise', { layer: entry.title }), () => pile.step(entry.id, 1)),
      iconButton('down', say('layer.lower', { layer: entry.title }), () => pile.step(entry.id, -1)));
  }

  /** Bring both readings to what the pile says now. */
  update() {
    const { pile } = this.bench;
    for (const [id, { box, element, below, opener, options }] of this.rows) {
      const shown = pile.isShown(id);
      box.checked = shown;
      element.classList.toggle('wb-off', !shown);
      below.hidden = !shown;
      opener.hidden = !shown;
      if (!shown) options.hidden = true;
      opener.setAttribute('aria-expanded', String(!options.hidden));
    }
    this._hints();
    this._drawPile();
  }

  /** A ticked layer that shows nothing yet says from which zoom on it does, and goes there. */
  _hints() {
    const { map, pile, say } = this.bench;
    const zoom = map.getZoom();
    for (const [id, { entry, element, hint }] of this.rows) {
      const far = pile.isShown(id) && zoom < (entry.minzoom ?? 0);
      element.classList.toggle('wb-far', far);
      if (hint.hidden === !far) continue;
      hint.hidden = !far;
      refill(hint, far && h('button', { type: 'button', class: 'wb-link',
        on: { click: () => map.setZoom(entry.minzoom) } }, say('layer.from_zoom', { zoom: entry.minzoom })));
    }
  }

  // ------------------------------------------------------------------ by pile

  _drawPile() {
    const { pile, say } = this.bench;
    const held = document.activeElement?.closest?.('.wb-pile li')?.dataset.id;
    const button = document.activeElement?.dataset?.step;
    const shown = pile.list().reverse();
    refill(this.pile, shown.map(({ id }, at) => this._card(pile.entries.get(id), at, shown.length)),
      !shown.length && h('li', { class: 'wb-note' }, say('tree.empty')));
    if (!held) return;
    const card = this.pile.querySelector(`li[data-id="${CSS.escape(held)}"]`);
    const free = [...card?.querySelectorAll('[data-step]:not(:disabled)') ?? []];
    (free.find((one) => one.dataset.step === button) ?? free[0])?.focus();
  }

  _card(entry, at, most) {
    const { pile, say } = this.bench;
    const step = (name, by, word, stuck) => iconButton(name, say(word, { layer: entry.title }),
      () => pile.step(entry.id, by), { disabled: stuck, data: { step: by } });
    const grip = h('span', { class: 'wb-grip', 'aria-hidden': 'true', title: say('layer.pull') }, icon('grip', 18));
    const card = h('li', { class: 'wb-card', data: { id: entry.id } }, grip,
      this.legend.first(entry), h('span', { class: 'wb-layer-title' }, entry.title),
      step('up', 1, 'layer.raise', at === 0), step('down', -1, 'layer.lower', at === most - 1));
    grip.addEventListener('pointerdown', (event) => this._pull(event, card, grip));
    return card;
  }

  /** Pull a card up or down; it lands where it is let go. */
  _pull(start, card, grip) {
    start.preventDefault();
    grip.setPointerCapture(start.pointerId);
    card.classList.add('wb-pulled');
    // the others move, the card stays in the document: an element taken out would lose its pointer
    const middle = (one) => { const { top, height } = one.getBoundingClientRect(); return top + height / 2; };
    const move = ({ clientY }) => {
      const above = () => card.previousElementSibling;
      const below = () => card.nextElementSibling;
      while (above() && clientY < middle(above())) card.after(above());
      while (below() && clientY > middle(below())) card.before(below());
    };
    const end = (event) => {
      grip.removeEventListener('pointermove', move);
      for (const name of ['pointerup', 'pointercancel']) grip.removeEventListener(name, end);
      card.classList.remove('wb-pulled');
      if (event.type === 'pointerup') this._land(card); else this._drawPile();
    };
    grip.addEventListener('pointermove', move);
    for (const name of ['pointerup', 'pointercancel']) grip.addEventListener(name, end);
  }

  _land(card) {
    const { pile } = this.bench;
    const below = card.nextElementSibling?.dataset.id;
    const above = card.previousElementSibling?.dataset.id;
    if (below) pile.setOrder(placedAbove(pile.order, card.dataset.id, below));
    else if (above) pile.setOrder(placedAbove(placedAbove(pile.order, card.dataset.id, above), above, card.dataset.id));
    this._drawPile();
  }

  // ------------------------------------------------------------------ base maps

  /** One of several base maps; with one there is nothing to choose. */
  _drawBase() {
    const { config, say, base } = this.bench;
    if (!base || (config.base ?? []).length < 2) return;
    const choices = config.base.map((one) => h('label', { class: 'wb-choice' },
      h('input', { type: 'radio', name: 'wb-base', value: one.id, checked: base.id === one.id,
        on: { change: () => base.use(one.id) } }), h('span', {}, one.title)));
    base.on((id) => { for (const one of choices) one.firstChild.checked = one.firstChild.value === id; });
    const field = h('fieldset', { class: 'wb-base' }, h('legend', { class: 'wb-unseen' }, say('base.title')), choices);
    const group = this.groups.querySelector('.wb-group[data-id="base"] > ul');
    if (group) group.before(field);
    else this.groups.append(field);
  }
}
