/**
 * Draws the labels of all layers of a map. Labels that stay are drawn where they are, those that come fade in,
 * those that go fade out; while tiles load or the map zooms, the last drawing stays.
 */
import { candidatesOf, place } from './labels.js';
import { MARGIN, defineOverlay } from './overlay.js';
import { signsOf } from './signs.js';

const WIDTHS_MOST = 20_000;

function drawLabel(context, { letters, font, rule, alpha }, origin) {
  context.font = font;
  context.strokeStyle = rule.halo ?? 'rgba(255,255,255,0.9)';
  context.fillStyle = rule.color ?? '#33393b';
  context.globalAlpha = alpha * (rule.opacity ?? 1);
  for (const method of ['strokeText', 'fillText']) {
    for (const { x, y, angle, text } of letters) {
      if (angle === 0) { context[method](text, x - origin.x, y - origin.y); continue; }
      context.save();
      context.translate(x - origin.x, y - origin.y);
      context.rotate(angle);
      context[method](text, 0, 0);
      context.restore();
    }
  }
}

export function defineLabels(L) {
  const Overlay = defineOverlay(L);

  return Overlay.extend({
    /** @param layersOf  gives the layers that are on the map */
    initialize(layersOf) {
      Overlay.prototype.initialize.call(this, 'wanmi-labels', 450);
      this._layersOf = layersOf;
      this._shown = [];
      this._widths = new Map();
      this.count = 0;
    },

    onAdd(map) {
      Overlay.prototype.onAdd.call(this, map);
      const make = (name) => L.DomUtil.create('canvas', name, this._frame);
      this._canvases = { stay: make('wanmi-stay'), come: make('wanmi-come'), go: make('wanmi-go') };
      this._ruler = document.createElement('canvas').getContext('2d');
      // a font that arrives later would leave boxes behind
      this._onFonts = () => { this._widths.clear(); this.ask(); };
      document.fonts?.addEventListener('loadingdone', this._onFonts);
    },

    onRemove(map) {
      document.fonts?.removeEventListener('loadingdone', this._onFonts);
      Overlay.prototype.onRemove.call(this, map);
    },

    _candidates({ origin, width, height }) {
      const found = [];
      for (const layer of this._layersOf()) {
        const { labels, opacity: alpha } = layer.options;
        if (!labels.length || alpha === 0) continue;
        for (const { record, grow, isFree } of layer.labelTiles()) {
          const options = { range: layer.range, grow };
          for (const label of candidatesOf(record, labels, layer.getTileSize().x, options)) {
            const [x, y] = [label.x - origin.x, label.y - origin.y];
            const isNear = x > 0 && y > 0 && x < width && y < height;
            if (isNear && layer.shows(x - MARGIN) && isFree(label.x, label.y)) found.push({ ...label, alpha });
          }
        }
      }
      return found;
    },

    /** What labels keep off, of every layer that can be seen. */
    _signs({ origin, width, height }) {
      const found = [];
      for (const layer of this._layersOf()) {
        if (layer.options.opacity === 0) continue;
        for (const { record, grow, view, isFree } of layer.labelTiles()) {
          for (const sign of signsOf(record, layer.options.rules, layer.getTileSize().x, view, grow)) {
            const [x, y] = [sign.x - origin.x, sign.y - origin.y];
            const isNear = x > -MARGIN && y > -MARGIN && x < width + MARGIN && y < height + MARGIN;
            if (isNear && layer.shows(x - MARGIN) && isFree(sign.x, sign.y)) found.push(sign);
          }
        }
      }
      return found;
    },

    _measure(context) {
      if (this._widths.size > WIDTHS_MOST) this._widths.clear();
      return (text, font) => {
        const key = `${font}|${text}`;
        let width = this._widths.get(key);
        if (width === undefined) {
          context.font = font;
          width = context.measureText(text).width;
          this._widths.set(key, width);
        }
        return width;
      };
    },

    _draw(view) {
      const zoom = this._map.getZoom();
      const before = this._drawnAt === zoom ? new Set(this._shown.map(({ key }) => key)) : new Set();
      const placed = place(this._candidates(view), this._measure(this._ruler), before, this._signs(view));
      const now = new Set(placed.map(({ key }) => key));
      this._paint('stay', view, placed.filter(({ key }) => before.has(key)));
      this._paint('come', view, placed.filter(({ key }) => !before.has(key)));
      this._paint('go', view, this._drawnAt === zoom ? this._shown.filter(({ key }) => !now.has(key)) : []);
      this._shown = placed;
      this._drawnAt = zoom;
      this.count = placed.length;
    },

    /** One of the three canvases; an empty one takes no memory. */
    _paint(name, view, labels) {
      const canvas = this._canvases[name];
      for (const animation of canvas.getAnimations()) animation.cancel();
      if (!labels.length) {
        canvas.width = canvas.height = 0;
        return;
      }
      const context = this._clear(canvas, view);
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      context.lineWidth = 3;
      for (const label of [...labels].reverse()) drawLabel(context, label, view.origin);
      if (name === 'stay') return;
      const fade = name === 'come' ? [0, 1] : [1, 0];
      canvas.animate({ opacity: fade }, { duration: 150, fill: 'forwards' });
    },
  });
}
