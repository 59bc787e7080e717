/**
 * L.wanmiRaster(base): pictures of a base map below our layers, from any XYZ server or a folder of tiles.
 * Services of the country draw in GCJ-02: their picture is moved so that it lies under our data, by the shift at
 * the middle of the view (it changes by less than a pixel over a city).
 */
import { toGcj02 } from './gcj02.js';

const KINDS = ['xyz', 'folder'];

/** Where a picture shows a place of ours, by the system it is drawn in. */
const SHIFTS = {
  gcj02: ({ lng, lat }) => toGcj02(lng, lat),
};

function addressOf({ kind, url }) {
  if (kind !== 'folder' || url.includes('{z}')) return url;
  return `${url.replace(/\/+$/, '')}/{z}/{x}/{y}.png`;
}

export function defineRaster(L) {
  const Tiles = L.TileLayer.prototype;

  const Shifted = L.TileLayer.extend({
    initialize(url, shift, options) {
      this._shift = shift;
      Tiles.initialize.call(this, url, options);
    },

    /** Pixels from a place to where the picture shows it, at a zoom. */
    _offset(center, zoom) {
      const [lng, lat] = this._shift(L.latLng(center));
      return this._map.project([lat, lng], zoom).subtract(this._map.project(center, zoom));
    },

    _getTiledPixelBounds(center) {
      const bounds = Tiles._getTiledPixelBounds.call(this, center);
      const offset = this._offset(center, this._tileZoom);
      return L.bounds(bounds.min.add(offset), bounds.max.add(offset));
    },

    /** Each level of tiles is laid so that the middle of the view is right. */
    _setZoomTransform(level, center, zoom) {
      const scale = this._map.getZoomScale(zoom, level.zoom);
      const at = level.origin.multiplyBy(scale).subtract(this._map._getNewPixelOrigin(center, zoom))
        .subtract(this._offset(center, zoom)).round();
      L.DomUtil.setTransform(level.el, at, scale);
    },

    _onMoveEnd(event) {
      Tiles._onMoveEnd.call(this, event);
      if (this._map && !this._map._animatingZoom) this._setZoomTransforms(this._map.getCenter(), this._map.getZoom());
    },
  });

  /**
   * @param {object} base  { kind: 'xyz' | 'folder', url, namesUrl, minZoom, maxZoom (of the pictures; beyond it they are
   *                       enlarged), offset: 'none' | 'gcj02', credits: [text], zIndex }
   */
  return function wanmiRaster(base) {
    if (!KINDS.includes(base.kind)) throw new Error(`base map ${base.id}: unknown kind ${base.kind}`);
    const holder = document.createElement('span');
    holder.textContent = (base.credits ?? []).join(' · ');
    const options = { minZoom: base.minZoom ?? 0, maxNativeZoom: base.maxZoom ?? 18, maxZoom: 22,
      attribution: holder.innerHTML, zIndex: base.zIndex ?? 0, className: 'wanmi-raster' };
    const shift = SHIFTS[base.offset];
    const pictures = (url) => (shift ? new Shifted(url, shift, options) : L.tileLayer(url, options));
    const ground = pictures(addressOf(base));
    return base.namesUrl ? L.layerGroup([ground, pictures(base.namesUrl)]) : ground; // names come as pictures of their own
  };
}
