/**
 * The rooms of the workbench: bar on top, tree at the left, map, sheet at the right. On a phone the map takes all, the
 * bar goes to the thumb, tree and sheet come up from below, one at a time.
 */
import { h, icon, iconButton, freshId } from './dom.js';

export const PHONE = '(max-width: 640px)';
const NARROW = '(max-width: 900px)'; // too narrow for tree and sheet together
const HEIGHTS = ['low', 'high'];

/** One side: a heading, a button that closes it, and a body that scrolls. */
export class Side {
  constructor(name, words, { onChange }) {
    this.name = name;
    this._onChange = onChange;
    this.heading = h('h2', { class: 'wb-side-title', id: freshId(name), tabindex: '-1' });
    this.tools = h('div', { class: 'wb-side-tools' });
    this.closer = iconButton('close', words.close, () => this.close());
    this.grabber = h('button', { type: 'button', class: 'wb-grabber', 'aria-label': words.grow,
      'aria-expanded': 'false' });
    this.body = h('div', { class: 'wb-side-body', tabindex: '-1' });
    this.element = h('section', { class: `wb-side wb-${name}`, 'aria-labelledby': this.heading.id, hidden: true },
      this.grabber, h('header', { class: 'wb-side-head' }, this.heading, this.tools, this.closer), this.body);
    this._grab();
  }

  get isOpen() { return !this.element.hidden; }

  open() {
    if (this.isOpen) return;
    this.element.hidden = false;
    this._onChange(this);
  }

  close() {
    if (!this.isOpen) return;
    const held = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this._onChange(this, held);
    const told = this.onClosed;
    this.onClosed = null;
    told?.();
  }

  /** On a phone: how much of the screen the sheet takes; by tap, by key, or by pulling. */
  setHeight(height) {
    this.element.dataset.height = height;
    this.grabber.setAttribute('aria-expanded', String(height === 'high'));
  }

  _grab() {
    let from = null;
    let pulled = false;
    this.setHeight('low');
    this.grabber.addEventListener('pointerdown', (event) => {
      from = event.clientY;
      pulled = false;
      this.grabber.setPointerCapture(event.pointerId);
    });
    this.grabber.addEventListener('pointerup', (event) => {
      const moved = from === null ? 0 : from - event.clientY;
      from = null;
      pulled = Math.abs(moved) > 24;
      if (!pulled) return;
      if (moved < 0 && this.element.dataset.height === 'low') this.close();
      else this.setHeight(moved > 0 ? 'high' : 'low');
    });
    this.grabber.addEventListener('click', () => {
      if (!pulled) this.setHeight(HEIGHTS[1 - HEIGHTS.indexOf(this.element.dataset.height)]);
      pulled = false;
    });
  }
}

export class Layout {
  constructor(map, config, say) {
    this.map = map;
    this.phone = window.matchMedia(PHONE);
    this._narrow = window.matchMedia(NARROW);
    const words = { close: say('close'), grow: say('sheet.grow') };
    const onChange = (side, held) => this._changed(side, held);
    this.left = new Side('left', words, { onChange });
    this.right = new Side('right', words, { onChange });
    this.treeButton = h('button', { type: 'button', class: 'wb-button wb-tree-button', 'aria-pressed': 'false',
      'aria-label': say('tree.title'), title: say('tree.toggle'), on: { click: () => this.toggleTree() } },
    icon('layers'), h('span', {}, say('tree.title')));
    this.search = h('div', { class: 'wb-search', role: 'search' });
    this.tools = h('div', { class: 'wb-toolbar', role: 'toolbar', 'aria-label': say('toolbar.title') });
    this.menus = h('div', { class: 'wb-menus' });
    this.bar = h('div', { class: 'wb-bar' });
    this.readout = h('div', { class: 'wb-readout', hidden: true });
    this.trouble = h('div', { class: 'wb-message wb-trouble', role: 'alert' });
    this.message = h('div', { class: 'wb-message', role: 'status' });
    this.mapRoom = h('main', { class: 'wb-map', 'aria-label': say('map.title') });
    this.root = h('div', { class: 'wb', data: { theme: config.theme ?? 'light' }, lang: config.locale ?? 'zh-CN' },
      this.bar, this.left.element, this.mapRoom, this.right.element);
    this._put();
    this._arrange();
    this.phone.addEventListener('change', () => this._arrange());
  }

  /** The map moves into its room; its element stays the same. */
  _put() {
    const container = this.map.getContainer();
    container.parentNode.insertBefore(this.root, container);
    this.mapRoom.append(container, h('div', { class: 'wb-messages' }, this.trouble, this.message), this.readout);
    document.documentElement.classList.add('wb-page');
    this._observer = new ResizeObserver(() => this.map.invalidateSize({ pan: false, debounceMoveend: true }));
    this._observer.observe(this.mapRoom);
  }

  _arrange() {
    const { phone } = this;
    this.root.dataset.phone = String(phone.matches);
    if (phone.matches) {
      this.root.prepend(this.search);
      this.bar.replaceChildren(this.treeButton, this.tools, this.menus);
      this.root.append(this.bar);
    } else {
      this.bar.replaceChildren(this.treeButton, this.search, this.tools, this.menus);
      this.root.prepend(this.bar);
    }
    this.map.invalidateSize({ pan: false });
  }

  toggleTree(open = !this.left.isOpen) {
    if (open) this.left.open(); else this.left.close();
  }

  /** What lies on the screen stays where it is: a side that opens covers its part of the map, it does not push it. */
  _changed(side, held) {
    if (side === this.left) this.treeButton.setAttribute('aria-pressed', String(side.isOpen));
    const other = side === this.left ? this.right : this.left;
    this._giveWay(side, other);
    if (held) (side === this.left ? this.treeButton : this.map.getContainer()).focus({ preventScroll: true });
    if (this.phone.matches) return;
    const before = this._leftEdge ?? 0;
    const after = this.mapRoom.offsetLeft;
    this._leftEdge = after;
    this.map.invalidateSize({ pan: false });
    if (side !== this.left || before === after || !this.map._loaded) return;
    this.map.panBy([after - before, 0], { animate: false });
  }

  /** Too narrow for both: the one that opens sends the other away, and the tree comes back afterwards. */
  _giveWay(side, other) {
    if (side.isOpen && this._narrow.matches && other.isOpen) {
      this._back = other === this.left && !this.phone.matches;
      other.close();
    } else if (side === this.right && !side.isOpen && this._back) {
      this._back = false;
      this.left.open();
    } else if (side === this.left) this._back = false;
  }

  /** How much of the map a phone's sheet covers, so that what one looks for lies above it. */
  covered() {
    const side = [this.left, this.right].find((one) => one.isOpen);
    return this.phone.matches && side ? side.element.offsetHeight : 0;
  }

  /** How much of a phone's map lies under the search field. */
  headroom() {
    return this.phone.matches ? this.search.offsetHeight + 8 : 0;
  }
}
