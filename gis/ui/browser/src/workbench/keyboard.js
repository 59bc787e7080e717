/**
 * The keyboard: every key in one table, so that the help list says what is true. Leaflet itself pans with the arrows and
 * zooms with + and - while the map has the focus; Enter there asks what lies in its middle.
 */
import { h, iconButton } from './dom.js';

const TYPING = 'input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable]';

export const KEYS = [
  { keys: ['/'], word: 'keys.search', run: (bench) => bench.search.focus() },
  { keys: ['l'], word: 'keys.tree', run: (bench) => {
    bench.layout.toggleTree();
    if (bench.layout.left.isOpen) bench.layout.left.body.querySelector('input')?.focus();
    else bench.map.getContainer().focus();
  } },
  { keys: ['m'], word: 'keys.map', run: (bench) => bench.map.getContainer().focus() },
  { keys: ['h'], word: 'keys.home', run: (bench) => bench.goHome() },
  { keys: ['Escape'], word: 'keys.escape', run: (bench) => escape(bench) },
  { keys: ['?'], word: 'keys.help', run: (bench) => bench.help() },
];
const OF_THE_MAP = [
  { keys: ['←', '↑', '→', '↓'], word: 'keys.pan' },
  { keys: ['+', '-'], word: 'keys.zoom' },
  { keys: ['Enter'], word: 'keys.identify' },
  { keys: ['␣', '⌫', '↵'], word: 'keys.draw' },
];

/** Escape undoes one thing: the tool, else the sheet, else the tree of a phone. */
function escape(bench) {
  if (bench.deactivate()) return;
  const { left, right } = bench.layout;
  if (right.isOpen) right.close();
  else if (bench.layout.phone.matches && left.isOpen) left.close();
}

function identifyMiddle(bench) {
  const { map } = bench;
  const latlng = map.getCenter();
  map.fire('click', { latlng, containerPoint: map.latLngToContainerPoint(latlng),
    layerPoint: map.latLngToLayerPoint(latlng), originalEvent: null });
}

export function defineKeyboard(bench) {
  const { say, map } = bench;
  const container = map.getContainer();
  container.setAttribute('aria-label', say('map.keys'));
  container.setAttribute('role', 'application');
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.target === container && event.key === 'Enter') { identifyMiddle(bench); return; }
    if (event.key !== 'Escape' && event.target.closest?.(TYPING)) return;
    const row = KEYS.find(({ keys }) => keys.includes(event.key));
    if (!row) return;
    event.preventDefault();
    row.run(bench);
  });
  bench.help = () => openHelp(bench);
  // the cross in the middle is for those who came by key; a map that was clicked needs none
  document.addEventListener('keydown', () => bench.root.classList.add('wb-by-key'), true);
  document.addEventListener('pointerdown', () => bench.root.classList.remove('wb-by-key'), true);
  bench.layout.menus.append(iconButton('help', say('keys.title'), () => bench.help(),
    { class: 'wb-icon-button wb-help-button' }));
}

function openHelp(bench) {
  const { say, root } = bench;
  const row = ({ keys, word }) => h('tr', {},
    h('th', { scope: 'row' }, keys.map((key) => h('kbd', {}, key === 'Escape' ? 'Esc' : key))), h('td', {}, say(word)));
  const dialog = h('dialog', { class: 'wb-help', 'aria-label': say('keys.title'), on: { close: () => dialog.remove(),
    click: (event) => { if (event.target === dialog) dialog.close(); } } },
  h('header', {}, h('h2', {}, say('keys.title')), iconButton('close', say('close'), () => dialog.close())),
  h('table', {}, h('tbody', {}, [...OF_THE_MAP, ...KEYS].map(row))));
  root.append(dialog);
  dialog.showModal();
}
