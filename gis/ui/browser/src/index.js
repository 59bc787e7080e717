/** Entry of the bundle: adds L.WanmiTileLayer, L.wanmiTileLayer(), L.wanmiRaster() and `map.wanmi` to the page's Leaflet. */
import { defineBus } from './bus.js';
import { defineLabels } from './label_pane.js';
import { defineLayer } from './layer.js';
import { defineMarks } from './marks.js';
import { defineRaster } from './raster.js';

const { L } = window;
if (L && !L.WanmiTileLayer) {
  L.WanmiTileLayer = defineLayer(L);
  L.wanmiTileLayer = (url, options) => new L.WanmiTileLayer(url, options);
  L.wanmiRaster = defineRaster(L);
  const MapBus = defineBus(L, defineLabels(L), defineMarks(L));
  L.Map.addInitHook(function startBus() { this.wanmi = new MapBus(this); });
  // Leaflet guesses the folder of its marker pictures from its style sheet, which may not have arrived yet
  const here = document.currentScript?.src;
  if (here) L.Icon.Default.imagePath = new URL('images/', here).href;
}
