/**
 * The toolbar: one button per tool, arrow keys between them, one tool active at a time, Escape stops it.
 *
 * A tool = { id, icon, word, group?, once?, start(bench), stop?(bench), available?(config) }
 *   icon   name in icons.js, or path data of 24 × 24
 *   word   key of config.words: the button's name and tooltip
 *   once   done as soon as it has started (home view); the active tool stays what it was
 */
import { h, icon } from './dom.js';

export class Toolbar {
  constructor(element, bench, tools) {
    this.element = element;
    this.bench = bench;
    this.active = null;
    this.tools = new Map();
    for (const tool of tools) {
      if (!tool.available || tool.available(bench.config)) this.tools.set(tool.id, tool);
    }
    this.buttons = new Map();
    this._identify();
    this._draw();
    element.addEventListener('keydown', (event) => this._move(event));
  }

  /** The usual way to click, pressed while no tool is active. */
  _identify() {
    const words = this.bench.say('tool.identify');
    this.identify = h('button', { type: 'button', class: 'wb-icon-button', title: words, 'aria-label': words,
      'aria-pressed': 'true', tabindex: '0', data: { tool: 'identify' }, on: { click: () => this.deactivate() } },
    icon('identify'));
    this.buttons.set('identify', this.identify);
    this.element.append(this.identify);
  }

  _draw() {
    let group = null;
    for (const tool of this.tools.values()) {
      if (tool.group !== group) {
        this.element.append(h('span', { class: 'wb-toolbar-line', role: 'separator', 'aria-orientation': 'vertical' }));
      }
      group = tool.group;
      const words = this.bench.say(tool.word);
      const button = h('button', { type: 'button', class: 'wb-icon-button', title: words, 'aria-label': words,
        'aria-pressed': tool.once ? null : 'false', tabindex: '-1', data: { tool: tool.id },
        on: { click: () => this.press(tool.id) } }, icon(tool.icon));
      this.buttons.set(tool.id, button);
      this.element.append(button);
    }
  }

  /** What a click on the button does: the active tool stops, any other starts. */
  press(id) {
    if (this.active?.id === id) this.deactivate();
    else this.activate(id);
  }

  activate(id) {
    const tool = this.tools.get(id);
    if (!tool || this.active?.id === id) return;
    if (!tool.once) {
      this.deactivate();
      this.active = tool;
      this._mark(id, true);
    }
    tool.start(this.bench);
  }

  /** Stop the active tool; what it left in the readout goes with it. */
  deactivate() {
    const tool = this.active;
    if (!tool) return false;
    this.active = null;
    this._mark(tool.id, false);
    tool.stop?.(this.bench);
    this.bench.readout(null);
    return true;
  }

  _mark(id, on) {
    this.buttons.get(id)?.setAttribute('aria-pressed', String(on));
    this.identify.setAttribute('aria-pressed', String(this.active === null));
  }

  _move(event) {
    const buttons = [...this.buttons.values()];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons[(to + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}
