/**
 * Where am I: a dot with the circle of its accuracy. The first press shows it and follows; moving the map by hand ends the
 * following; the next press follows again; a press while following switches off. It lives beside any other tool.
 */
import { inUnit, LENGTH_UNITS } from './geodesy.js';
import { GLYPHS } from './glyphs.js';
import { toolOf } from './parts.js';
import { believed } from './reading.js';

const CLOSE_ZOOM = 17;
const COLOR = '#1a66c2';
const DENIED = 1;
const TOLD_SECONDS = 10;
const REFUSED = { 1: 'locate.refused', 2: 'locate.unavailable', 3: 'locate.late' };
const OPTIONS = { enableHighAccuracy: true, maximumAge: 10_000, timeout: 20_000 };

/** Why no position can be asked at all, as the key of a sentence; null when it can. */
export function obstacle({ isSecureContext, navigator }) {
  if (!isSecureContext) return 'locate.insecure';
  return navigator.geolocation ? null : 'locate.none';
}

class Locate {
  constructor(bench) {
    this.bench = bench;
    this.state = 'off';
    this.at = null;
    this._layer = bench.L.layerGroup();
    this._release = () => { if (this.state === 'follow') this._become('show'); };
  }

  /** A press: off → follow → off; after the map was moved by hand: show → follow. */
  start() {
    if (this.state === 'follow') { this._end(); return; }
    if (this.state === 'show') { this._become('follow'); this._go(); return; }
    const reason = obstacle(window);
    if (reason) { this._tell(this.bench.say(reason)); return; }
    this._become('follow');
    this.bench.message(this.bench.say('locate.asking'));
    this._layer.addTo(this.bench.map);
    this.bench.map.on('dragstart', this._release);
    this._watch = navigator.geolocation.watchPosition((fix) => this._take(fix), (error) => this._fail(error), OPTIONS);
  }

  _become(state) {
    this.state = state;
    const button = this.bench.toolbar.buttons.get('locate');
    button?.setAttribute('aria-pressed', String(state !== 'off'));
    if (button) button.dataset.state = state;
  }

  _end() {
    navigator.geolocation.clearWatch(this._watch);
    this.bench.map.off('dragstart', this._release);
    this._layer.clearLayers();
    this._layer.remove();
    this.at = null;
    this._become('off');
    this.bench.message(null);
  }

  _tell(text) {
    this.bench.message(text, { seconds: TOLD_SECONDS });
  }

  _take({ coords: { latitude, longitude, accuracy } }) {
    const isFirst = this.at === null;
    this.at = { lat: latitude, lng: longitude, accuracy };
    this._draw();
    const { say, config } = this.bench;
    const box = believed(config.home);
    const isHere = longitude >= box.west && longitude <= box.east && latitude >= box.south && latitude <= box.north;
    if (!isHere) {
      this._tell(say('locate.outside'));
      this._become('show');
      return;
    }
    if (isFirst) {
      const metres = inUnit(Math.ceil(accuracy), { ...LENGTH_UNITS.m, digits: 0 }, config.locale);
      this._tell(say('locate.accuracy', { metres }));
    }
    if (this.state === 'follow') this._go(isFirst);
  }

  _go(isFirst = false) {
    if (!this.at) return;
    const { lat, lng } = this.at;
    const zoom = this.bench.map.getZoom();
    this.bench.fit([lng, lat, lng, lat], { maxZoom: isFirst ? Math.max(zoom, CLOSE_ZOOM) : zoom });
  }

  _draw() {
    const { L } = this.bench;
    const { lat, lng, accuracy } = this.at;
    this._layer.clearLayers();
    L.circle([lat, lng], { radius: accuracy, color: COLOR, weight: 1.5, fillColor: COLOR, fillOpacity: 0.12, interactive: false })
      .addTo(this._layer);
    L.circleMarker([lat, lng], { radius: 7, color: '#ffffff', weight: 3, fillColor: COLOR, fillOpacity: 1, interactive: false })
      .addTo(this._layer);
  }

  _fail(error) {
    if (error.code !== DENIED && this.at) return; // no news for a while: the last position stands, the watch goes on
    this._end();
    this._tell(this.bench.say(REFUSED[error.code] ?? 'locate.unavailable'));
  }
}

export const locate = toolOf({ id: 'locate', icon: GLYPHS.locate, word: 'tool.locate', group: 'go', once: true }, Locate);
