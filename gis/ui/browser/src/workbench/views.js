/** Saved views: personal ones and those everybody has. A view is a state of the link under a name. */
import { h, icon, freshId, refill } from './dom.js';

/** A button with a small window below it; Escape and a click elsewhere close it. */
export function popover(bench, { name, word, drawing }) {
  const id = freshId(name);
  const body = h('div', { class: 'wb-popover', id, hidden: true });
  const button = h('button', { type: 'button', class: 'wb-button', title: word, 'aria-label': word,
    'aria-expanded': 'false', 'aria-controls': id,
    on: { click: () => show(body.hidden) } }, icon(drawing), h('span', {}, word));
  const room = h('div', { class: `wb-menu wb-menu-${name}` }, button, body);
  const show = (open) => {
    body.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (open) body.querySelector('button, a')?.focus();
  };
  room.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || body.hidden) return;
    event.stopPropagation();
    show(false);
    button.focus();
  });
  bench.root.addEventListener('pointerdown', (event) => { if (!room.contains(event.target)) show(false); });
  return { room, body, close: () => show(false) };
}

function item(drawing, words, click) {
  return h('button', { type: 'button', class: 'wb-menu-item', on: { click } }, icon(drawing, 16), words);
}

export class Views {
  constructor(bench) {
    this.bench = bench;
    const { say, layout, config } = bench;
    const menu = popover(bench, { name: 'views', word: say('views.title'), drawing: 'bookmark' });
    this.menu = menu;
    this.list = h('div');
    menu.body.append(this.list,
      h('div', { class: 'wb-menu-foot' },
        item('bookmark', say('views.save'), () => this._save()), item('link', say('views.copy'), () => this._copy()),
        config.links?.styles && h('a', { class: 'wb-menu-item', href: config.links.styles, target: '_blank',
          rel: 'noopener' }, icon('sliders', 16), say('views.styles'))));
    layout.menus.append(menu.room);
    this.set(config.views ?? []);
  }

  /** Another list of views: one was saved, renamed or thrown away. */
  set(views) {
    refill(this.list,
      this._part('views.mine', views.filter(({ shared }) => !shared)),
      this._part('views.shared', views.filter(({ shared }) => shared)),
      views.length === 0 && h('p', { class: 'wb-note' }, this.bench.say('views.none')));
  }

  _part(word, views) {
    if (!views.length) return [];
    return [h('h3', { class: 'wb-menu-title' }, this.bench.say(word)), h('ul', {}, views.map((view) => h('li', {},
      item('map', view.title, () => this.apply(view)))))];
  }

  /** The map as the view kept it; what it does not name goes back to nothing. */
  apply(view) {
    this.menu.close();
    this.bench.deactivate();
    this.bench.link.take(view.state);
    this.bench.link.set('view', view.id);
  }

  /** The page around the frame asks for a name and keeps the state. */
  _save() {
    this.menu.close();
    this.bench.bus.report?.({ _tool: 'view', state: this.bench.link.text() });
  }

  async _copy() {
    const { link, say } = this.bench;
    this.menu.close();
    const address = link.address();
    try {
      await navigator.clipboard.writeText(address);
      this.bench.message(say('views.copied'), { seconds: 4 });
    } catch {
      this.bench.message(say('views.not_copied'), { seconds: 8 });
    }
  }
}
