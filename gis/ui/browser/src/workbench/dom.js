/**
 * Elements without markup: every text goes through textContent, so that a name of people can never become a tag.
 *
 *   h('button', { class: 'wb-button', 'aria-pressed': 'false', on: { click } }, icon('layers'), 'Layers')
 */
import { ICONS } from './icons.js';

const SVG = 'http://www.w3.org/2000/svg';

const isSome = (value) => value !== null && value !== undefined && value !== false;

function fill(element, { on = {}, style = {}, data = {}, ...attributes } = {}) {
  for (const [name, value] of Object.entries(attributes)) {
    if (!isSome(value)) continue;
    if (name === 'value' || name === 'checked' || name === 'disabled') element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [name, value] of Object.entries(data)) if (isSome(value)) element.dataset[name] = value;
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  return element;
}

/** An element with attributes, listeners (`on`), inline style and children; null and false children are left out. */
export function h(tag, attributes, ...children) {
  const element = fill(document.createElement(tag), attributes ?? {});
  element.append(...children.flat(9).filter(isSome));
  return element;
}

/** An element of a drawing. */
export function s(tag, attributes, ...children) {
  const element = fill(document.createElementNS(SVG, tag), attributes ?? {});
  element.append(...children.flat(9));
  return element;
}

/** A line drawing of 24 × 24 in the colour of the text: a name of icons.js, or path data. */
export function icon(name, size = 20) {
  return s('svg', { class: 'wb-icon', viewBox: '0 0 24 24', width: size, height: size, 'aria-hidden': 'true' },
    s('path', { d: ICONS[name] ?? name }));
}

/** A button that shows an icon alone; its words are read and shown as a tooltip. */
export function iconButton(name, words, click, attributes = {}) {
  return h('button', { type: 'button', class: 'wb-icon-button', 'aria-label': words, title: words,
    on: { click }, ...attributes }, icon(name));
}

/** Everything inside an element replaced. */
export function refill(element, ...children) {
  element.replaceChildren(...children.flat(9).filter(isSome));
  return element;
}

/** An id no other element of the page has. */
let made = 0;
export const freshId = (stem) => `wb-${stem}-${++made}`;
