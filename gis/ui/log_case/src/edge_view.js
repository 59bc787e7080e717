/**
 * Near the edge of a grid: every grid the position may lie in, as a small drawing and as words, and the
 * question which one it is. Nothing here needs the map.
 */

import { el, replace } from './dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const DIRECTIONS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'];
const LETTERS = 'ABCDEFGH';
const SIZE = 200;

/** One of eight words for degrees from north. */
export function directionName(degrees) {
  return DIRECTIONS[Math.round(degrees / 45) % 8];
}

/** Whether the person still has to say which grid it is. */
export function mustChoose(place) {
  return (place.candidates?.length ?? 0) > 1 && !place.cell_choice && !place.edge_unsure;
}

/** Metres from the middle to the rim of the drawing: the cut of the outlines. */
export function reachOf(candidates) {
  const parts = candidates.flatMap((cell) => cell.outline.flat(2).map(Math.abs));
  return Math.max(1, ...parts);
}

/** A ring in metres (north up) as a path of the drawing. */
export function pathOf(outline, reach) {
  const scale = SIZE / 2 / reach;
  const at = ([x, y]) => `${(SIZE / 2 + x * scale).toFixed(1)} ${(SIZE / 2 - y * scale).toFixed(1)}`;
  return outline.map((ring) => `M${ring.map(at).join('L')}Z`).join('');
}

/** Where a letter stands: the middle of the corners of the first ring. */
function middleOf([ring], reach) {
  const corners = ring.slice(1);
  const mean = (axis) => corners.reduce((sum, point) => sum + point[axis], 0) / corners.length;
  const scale = SIZE / 2 / reach;
  return { x: SIZE / 2 + mean(0) * scale, y: SIZE / 2 - mean(1) * scale };
}

function shape(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text) node.textContent = text;
  return node;
}

export class EdgeView {
  /** `chosen(code)` takes the code of a grid, or null for "I cannot tell". */
  constructor({ words, name, chosen }) {
    Object.assign(this, { words, name, chosen });
    this.node = el('div', { class: 'edge', hidden: true });
  }

  show(place) {
    const candidates = place.candidates ?? [];
    this.node.hidden = candidates.length < 2;
    if (this.node.hidden) {
      replace(this.node);
      return;
    }
    const { say } = this.words;
    replace(this.node,
      el('p', { class: 'question' }, say('edge_question', { metres: Math.round(place.accuracy_m) })),
      el('div', { class: 'edge-body' }, this._drawing(candidates, place),
        el('div', { class: 'edge-options', role: 'group' },
          candidates.map((cell, n) => this._option(cell, LETTERS[n], place)),
          el('button', { type: 'button', class: 'button', 'aria-pressed': String(Boolean(place.edge_unsure)),
            onclick: () => this.chosen(null) }, say('edge_unsure')))));
  }

  _option(cell, letter, place) {
    const { say } = this.words;
    const where = cell.direction === null ? say('edge_here') : say('edge_there', {
      metres: Math.max(1, Math.round(cell.distance_m)), direction: say(directionName(cell.direction)) });
    const said = [cell.grid_code, this.name(cell), cell.mine ? '' : say('edge_not_mine')];
    return el('button', { type: 'button', class: 'button', 'data-cell': cell.grid_code, disabled: !cell.mine,
      'aria-pressed': String(place.cell_choice === cell.grid_code), onclick: () => this.chosen(cell.grid_code) },
    el('b', { class: 'letter' }, letter),
    el('span', {}, where, el('small', {}, said.filter(Boolean).join(' · '))));
  }

  _drawing(candidates, place) {
    const reach = reachOf(candidates);
    const drawing = shape('svg', { viewBox: `0 0 ${SIZE} ${SIZE}`, role: 'img',
      'aria-label': this.words.say('edge_drawing') });
    candidates.forEach((cell, n) => {
      if (!cell.outline.length) return;
      const on = place.cell_choice === cell.grid_code;
      drawing.append(shape('path', { d: pathOf(cell.outline, reach), class: on ? 'cell on' : 'cell' }));
      const { x, y } = middleOf(cell.outline, reach);
      drawing.append(shape('text', { x, y, 'text-anchor': 'middle', 'dominant-baseline': 'central' }, LETTERS[n]));
    });
    const radius = Math.min(SIZE / 2, (place.accuracy_m * SIZE) / 2 / reach);
    drawing.append(shape('circle', { cx: SIZE / 2, cy: SIZE / 2, r: radius.toFixed(1), class: 'accuracy' }),
      shape('circle', { cx: SIZE / 2, cy: SIZE / 2, r: 4, class: 'point' }));
    return drawing;
  }
}
