/** A thin line at the top of the map while tiles of a shown layer are on their way for longer than a moment. */
import { h } from './dom.js';

const CALM_MS = 300;

export class Busy {
  constructor(bench) {
    this.bench = bench;
    this.line = h('div', { class: 'wb-busy', hidden: true, 'aria-hidden': 'true' });
    bench.layout.mapRoom.append(this.line);
    bench.pile.on(() => this._look());
  }

  watch(layer) {
    layer.on('loading load remove', () => this._look());
  }

  _look() {
    if (!this.bench.bus.isBusy()) {
      clearTimeout(this._asked);
      this._asked = undefined;
      this.line.hidden = true;
    } else this._asked ??= setTimeout(() => { this.line.hidden = !this.bench.bus.isBusy(); }, CALM_MS);
  }
}
