/**
 * The print sheet (GET /print/map): a map in an exact frame of millimetres, painted as densely as paper wants it.
 * What it shows stands behind the "#" of the address, as on the map itself; paper and title are parameters.
 */
import { dayOf } from './workbench/tools/calendar.js';
import { paintDay } from './workbench/tools/case_days.js';
import { parseAt, parseLayers, parseState, parseView } from './workbench/link.js';
import { fillLegend } from './print/legend.js';
import { densityOf, ratioAt, ratioText, scaleBar, zoomFor } from './print/paper.js';

const { L } = window;
const BAR_MM = 45;
const FIRST_Z = 10;
const QUIET_MS = 400;
const element = (id) => document.getElementById(id);
const config = JSON.parse(element('config').textContent);
const query = new URLSearchParams(location.search);
const state = parseState(location.hash);
const part = (key) => state.get(key) ?? query.get(key);

/** Leaflet, our layer and the labels ask the window how dense its screen is; this one is paper. */
function paintForPaper() {
  const density = Math.max(densityOf(config.paper), window.devicePixelRatio || 1);
  Object.defineProperty(window, 'devicePixelRatio', { configurable: true, get: () => density });
  return density;
}

/** The layers of the link, lowest first, and what of the link is not here. */
function wantedLayers() {
  const known = new Map(config.layers.map((entry) => [entry.id, entry]));
  const wanted = parseLayers(part('layers'))
    ?? config.layers.filter(({ visible }) => visible).map(({ id }) => ({ id, opacity: 1 }));
  return {
    shown: wanted.filter(({ id }) => known.has(id)).map(({ id, opacity }) => ({ entry: known.get(id), opacity })),
    missing: wanted.filter(({ id }) => !known.has(id)).map(({ id }) => id),
  };
}

function addLayers(map, shown, density) {
  const day = dayOf(part('day'));
  for (const [at, { entry, opacity }] of shown.entries()) {
    const layer = L.wanmiTileLayer(entry.url.replace(/\?v=\{v\}$/, ''), {
      name: entry.id, rules: entry.rules, labels: entry.labels, values: entry.values, interactive: false,
      zIndex: FIRST_Z + at, opacity, maxRatio: density, maxZoom: map.getMaxZoom() });
    if (entry.time && day !== null) paintDay(layer, entry, day, null);
    map.wanmi.add(layer);
  }
}

function addBase(map) {
  const base = config.base.find(({ id, kind }) => id === part('base') && kind !== 'drawn');
  if (base) L.wanmiRaster(base).setZIndex(1).addTo(map);
  return base ?? null;
}

function showView(map) {
  const view = parseView(part('map'));
  if (view) map.setView([view.lat, view.lng], view.zoom, { animate: false });
  else map.fitBounds(config.home, { animate: false });
  const ratio = Number(query.get('scale'));
  if (ratio > 0) map.setZoom(zoomFor(map.getCenter().lat, ratio), { animate: false });
}

/** What depends on the view: the ratio and the bar. */
function writeScale(map) {
  const ratio = ratioAt(map.getCenter().lat, map.getZoom());
  const bar = scaleBar(ratio, BAR_MM);
  element('ratio').textContent = ratioText(ratio, config.locale);
  element('bar').style.width = `${bar.mm}mm`;
  element('bar-text').textContent = bar.text;
}

function writeCredits(shown, base) {
  const credits = [...shown.flatMap(({ entry }) => entry.credits ?? []), ...(base?.credits ?? [])];
  element('credits').textContent = [...new Set(credits)].join(' · ');
}

/** The title of the address, else what the sheet shows; typing changes paper and address. */
function defineTitle(shown) {
  const usual = shown.map(({ entry }) => entry).filter(({ group }) => group !== 'base').map(({ title }) => title).reverse();
  const write = (text) => {
    element('title').textContent = text || usual.join(config.words.and) || config.words.map;
    document.title = element('title').textContent;
  };
  const box = element('title-box');
  box.value = query.get('title') ?? '';
  box.addEventListener('input', () => write(box.value.trim()));
  box.addEventListener('change', () => choose('title', box.value.trim(), false));
  write(box.value.trim());
}

/** Another paper, direction or scale is another sheet: the page opens anew at its own address. */
function choose(name, value, anew = true) {
  if (value) query.set(name, value); else query.delete(name);
  const address = `${location.pathname}?${query}${location.hash}`;
  if (anew) location.replace(address);
  else history.replaceState(null, '', address);
}

function defineChoices() {
  for (const name of ['paper', 'turn', 'scale']) {
    const box = element(name);
    box.addEventListener('change', () => choose(name, box.value));
  }
  element('print').addEventListener('click', () => window.print());
}

/** Ready when no tile has been waited for during a moment; the button waits for it too. */
function whenPainted(map) {
  let quiet = 0;
  const look = () => {
    quiet = map.wanmi.isBusy() ? 0 : quiet + 1;
    if (quiet < 2) { setTimeout(look, QUIET_MS); return; }
    document.documentElement.dataset.ready = 'yes';
    element('print').disabled = false;
    element('state').textContent = map.wanmi.isFailing() ? config.words.failing : '';
  };
  look();
}

function start() {
  const density = paintForPaper();
  const map = L.map('map', { zoomSnap: 0, zoomControl: false, attributionControl: false, dragging: true,
    minZoom: 6, maxZoom: 20, zoomAnimation: false, fadeAnimation: false, inertia: false });
  map.wanmi.configure({ words: { unauthorised: config.words.unauthorised, unavailable: config.words.unavailable },
    scale: false, reportClicks: false });
  const { shown, missing } = wantedLayers();
  showView(map);
  const base = addBase(map);
  addLayers(map, shown, density);
  map.wanmi.select(parseAt(part('at')));
  map.on('zoomend moveend', () => writeScale(map));
  writeScale(map);
  writeCredits(shown, base);
  defineTitle(shown);
  fillLegend(element('legend'), shown.map(({ entry }) => entry), config.words.legend);
  defineChoices();
  element('missing').textContent = missing.length ? `${config.words.missing} ${missing.join(', ')}` : '';
  whenPainted(map);
  window.map = map;
}

addEventListener('hashchange', () => location.reload());
document.fonts.ready.then(start);
