/**
 * The small map: a tap sets the place, the circle shows how sure the phone is. Leaflet and our tile layer come
 * from /assets when there is a network; without them the form works by position and grid code.
 */

import { el } from './dom.js';

const CLOSE_ZOOM = 18;
const POINT = '#c2410c';

let loading = null;

function loadScript(address) {
  return new Promise((resolve, reject) => {
    document.head.append(el('script', { src: address, onload: resolve, onerror: reject }));
  });
}

/** Leaflet once a page, whoever asked first. */
async function leaflet(assets) {
  if (!window.L) {
    loading ??= loadScript(assets.leaflet_js).then(() => loadScript(assets.layer_js));
    await loading.catch((error) => { loading = null; throw error; });
  }
  return window.L;
}

function hasPoint(place) {
  return place?.lon !== null && place?.lon !== undefined;
}

export class PlaceMap {
  /** `picked({ lon, lat })` is called for a tap or a drag of the point. */
  constructor({ holder, assets, view, label, picked }) {
    Object.assign(this, { holder, assets, view, label, picked });
    this.map = null;
    this._place = null;
  }

  async start() {
    if (!this.view.bounds) throw new Error('no grids yet');
    const L = await leaflet(this.assets);
    if (!this.holder.isConnected) return;
    this.map = L.map(this.holder, { minZoom: 8, maxZoom: 20, attributionControl: false });
    this.map.wanmi.paused = true; // a tap means the place, never a feature
    this.map.fitBounds(this.view.bounds);
    for (const layer of this.view.layers) this._addLayer(L, layer);
    this.map.on('click', ({ latlng }) => this._pick(latlng));
    this.show(this._place);
    // the form may have been unfolded after the map was made
    this._watch = new ResizeObserver(() => this.map?.invalidateSize());
    this._watch.observe(this.holder);
  }

  _addLayer(L, { url, ...options }) {
    this.map.wanmi.add(L.wanmiTileLayer(url, { ...options, interactive: false, maxZoom: 20 }));
  }

  _pick(latlng) {
    const { lng, lat } = latlng.wrap();
    this.picked({ lon: Number(lng.toFixed(7)), lat: Number(lat.toFixed(7)) });
  }

  /** Show a place ({ lon, lat, accuracy_m }) or none; the view follows only when the point leaves it. */
  show(place) {
    const had = hasPoint(this._place);
    this._place = place;
    if (!this.map) return;
    this._mark?.remove();
    this._circle?.remove();
    this._mark = this._circle = null;
    if (!hasPoint(place)) {
      if (had) this.map.fitBounds(this.view.bounds, { animate: false });
      return;
    }
    const { L } = window;
    const at = L.latLng(place.lat, place.lon);
    if (place.accuracy_m) {
      this._circle = L.circle(at, { radius: place.accuracy_m, color: POINT, weight: 1, fillOpacity: 0.12,
        interactive: false }).addTo(this.map);
    }
    this._mark = L.marker(at, { draggable: true, alt: this.label, title: this.label }).addTo(this.map);
    this._mark.on('dragend', () => this._pick(this._mark.getLatLng()));
    if (!this.map.getBounds().pad(-0.1).contains(at)) this.map.setView(at, CLOSE_ZOOM, { animate: false });
  }

  stop() {
    this._watch?.disconnect();
    this.map?.remove();
    this.map = null;
  }
}
