/** Small pieces that several tools are built of: groups of choices, lists to pick from, copying. */
import { freshId, h, icon } from '../dom.js';

/** One of a few, as buttons side by side: arrow keys move, as in any group of radio buttons. */
export function choice(label, options, current, onPick) {
  const name = freshId('choice');
  const inputs = options.map(({ value, text }) => h('label', { class: 'wt-choice-one' },
    h('input', { type: 'radio', name, value, checked: value === current, on: { change: () => onPick(value) } }),
    h('span', {}, text)));
  return h('fieldset', { class: 'wt-choice' }, h('legend', { class: 'wt-hidden' }, label), inputs);
}

/** One of many, as a list that opens; `label` is read out and, with `shown`, stands in front of it. */
export function pick(label, options, current, onPick, { shown = false } = {}) {
  const list = h('select', { class: 'wt-pick', 'aria-label': label, on: { change: () => onPick(list.value) } },
    options.map(({ value, text }) => h('option', { value, selected: value === current }, text)));
  list.value = current ?? '';
  return shown ? h('label', { class: 'wt-field' }, h('span', { class: 'wt-label' }, label), list) : list;
}

export const ICON_ONLY = 'wb-button wt-button wt-icon-only';

/** A button with an icon and its words. */
export function button(name, words, click, attributes = {}) {
  return h('button', { type: 'button', class: 'wb-button wt-button', 'aria-label': words, title: words, on: { click }, ...attributes },
    name ? icon(name, 18) : null, h('span', {}, words));
}

/** Puts a text on the clipboard; sites without HTTPS have no clipboard of their own, a marked field does it there. */
export async function copyText(text, root = document.body) {
  try {
    if (!navigator.clipboard) throw new Error('no clipboard');
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h('textarea', { class: 'wt-hidden', readonly: true, 'aria-hidden': 'true', tabindex: '-1' });
    field.value = text;
    const before = document.activeElement;
    root.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    before?.focus?.({ preventScroll: true });
    return done;
  }
}

/** A button that copies what `text()` gives, and says so for two seconds. */
export function copyButton(words, text, root) {
  const face = h('span', { class: 'wt-copy-face' }, icon('copy', 16));
  const made = h('button', { type: 'button', class: 'wt-copy', 'aria-label': words.copy, title: words.copy,
    on: { click: async () => {
      const done = await copyText(text(), root);
      face.replaceChildren(icon(done ? 'check' : 'warn', 16));
      made.setAttribute('aria-label', done ? words.copied : words.not_copied);
      made.title = done ? words.copied : words.not_copied;
      clearTimeout(made.back);
      made.back = setTimeout(() => {
        face.replaceChildren(icon('copy', 16));
        made.setAttribute('aria-label', words.copy);
        made.title = words.copy;
      }, 2000);
    } } }, face);
  return made;
}

/** True for elements that take keys themselves, so that a tool leaves those keys alone. */
export function takesKeys(target) {
  return Boolean(target?.closest?.('input,select,textarea,button,a,summary,[role=slider],[contenteditable]'));
}

export const isCoarse = () => window.matchMedia('(pointer: coarse)').matches;
export const isStill = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** A tool of the toolbar whose state belongs to one workbench: `Kind` is made once per bench. */
export function toolOf(description, Kind) {
  const made = new WeakMap();
  const of = (bench) => {
    if (!made.has(bench)) made.set(bench, new Kind(bench));
    return made.get(bench);
  };
  return { ...description, of, start: (bench) => of(bench).start(), stop: (bench) => of(bench).stop?.() };
}

/** A sheet that belongs to a tool: closing it stops the tool, stopping the tool closes it. */
export class ToolSheet {
  constructor(bench) {
    this.bench = bench;
    this.isOpen = false;
  }

  open(title, node, onClosed = () => this.bench.deactivate()) {
    this.bench.sheet(title, node, { onClosed: () => { if (this.isOpen) { this.isOpen = false; onClosed(); } } });
    this.isOpen = true;
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.bench.sheet(null);
  }
}
