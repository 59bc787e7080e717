/** Scales and lengths on paper. A CSS pixel is 1/96 inch wherever a browser prints. */
const MM_PER_PX = 25.4 / 96;
const EQUATOR_M = 40_075_016.685578488; // web Mercator, WGS 84
const TILE_PX = 256;
const STEPS = [1, 2, 5];

/** Metres on the ground under one CSS pixel, at a latitude and a zoom that need not be whole. */
export function metresPerPixel(lat, zoom) {
  return (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (TILE_PX * 2 ** zoom);
}

/** The n of "1 : n" on paper. */
export function ratioAt(lat, zoom) {
  return metresPerPixel(lat, zoom) / (MM_PER_PX / 1000);
}

/** The zoom at which the paper shows 1 : `ratio`. */
export function zoomFor(lat, ratio) {
  return Math.log2((EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (TILE_PX * ratio * (MM_PER_PX / 1000)));
}

/** A ratio as people write it: three figures that count, grouped as the language groups. */
export function ratioText(ratio, locale) {
  const digits = Math.max(0, Math.floor(Math.log10(ratio)) - 2);
  const rounded = Math.round(ratio / 10 ** digits) * 10 ** digits;
  return `1 : ${new Intl.NumberFormat(locale).format(rounded)}`;
}

/** The longest round length that a bar of at most `mostMm` can show: { metres, mm, text }. */
export function scaleBar(ratio, mostMm) {
  const most = (ratio * mostMm) / 1000;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = Math.max(...STEPS.map((step) => step * power).filter((length) => length <= most));
  return { metres, mm: (metres * 1000) / ratio, text: metres >= 1000 ? `${metres / 1000} km` : `${metres} m` };
}

/** Device pixels to paint per CSS pixel: sharp on A4 (240 dpi), bearable in memory on A3 (192 dpi). */
export function densityOf(paper) {
  return paper === 'a3' ? 2 : 2.5;
}
