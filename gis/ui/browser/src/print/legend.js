/** The legend of a sheet: the signs of what is shown, uppermost layer first, in as small a type as they need. */
import { h } from '../workbench/dom.js';
import { swatch } from '../workbench/legend.js';
import { SPRITE } from '../sprite.js';

const SIZES_PT = [9, 8, 7, 6];
const iconPath = (name) => SPRITE[name] ?? null;

function part({ title, legend = [] }) {
  const single = legend.length === 1;
  const signs = single ? [] : legend;
  return h('section', {},
    h('h3', {}, single && swatch(legend[0], iconPath), title),
    signs.length > 0 && h('ul', {}, signs.map((sign) => h('li', {}, swatch(sign, iconPath), h('span', {}, sign.title)))));
}

/** Fill `room` with the legend of the layers, lowest first; smaller type until nothing is cut off. */
export function fillLegend(room, entries, heading) {
  const notes = new Set(entries.flatMap((entry) => entry.notes ?? [])); // the same of many layers is said once
  const body = h('div', { class: 'signs' }, [...entries].reverse().map(part),
    h('section', {}, [...notes].map((note) => h('p', {}, note))));
  room.replaceChildren(h('h2', {}, heading), body);
  for (const size of SIZES_PT) {
    room.style.fontSize = `${size}pt`;
    if (room.scrollHeight <= room.clientHeight + 1 && room.scrollWidth <= room.clientWidth + 1) return;
  }
}
