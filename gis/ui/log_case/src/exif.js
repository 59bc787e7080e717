/**
 * Time and place that the camera wrote into a JPEG are evidence, and a canvas forgets them: take the EXIF
 * segment of the original over into the smaller copy. Only the orientation changes, because the canvas has
 * turned the picture already. (EXIF 2.32: APP1 segment with "Exif\0\0" and a TIFF block.)
 */

const SOI = 0xffd8;
const APP1 = 0xffe1;
const SCAN = 0xffda;
const ORIENTATION = 0x0112;

function isExif(view, at) {
  return view.getUint32(at + 4) === 0x45786966 && view.getUint16(at + 8) === 0; // "Exif", 0
}

/** The APP1 segment with its marker as a copy, or null. */
export function exifSegment(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < 4 || view.getUint16(0) !== SOI) return null;
  let at = 2;
  while (at + 10 <= view.byteLength) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if ((marker & 0xff00) !== 0xff00 || marker === SCAN || length < 2) return null;
    if (at + 2 + length > view.byteLength) return null;
    if (marker === APP1 && isExif(view, at)) return buffer.slice(at, at + 2 + length);
    at += 2 + length;
  }
  return null;
}

/** Say "upright" in the first directory of the segment; anything unexpected leaves it as it is. */
export function setUpright(segment) {
  const tiff = 10;
  const view = new DataView(segment);
  if (view.byteLength < tiff + 8) return segment;
  const little = view.getUint16(tiff) === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, little);
  if (directory + 2 > view.byteLength) return segment;
  const count = view.getUint16(directory, little);
  for (let n = 0; n < count; n++) {
    const entry = directory + 2 + 12 * n;
    if (entry + 12 > view.byteLength) break;
    if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
  }
  return segment;
}

/** `copy` (a JPEG) with the EXIF segment of `original` right after its start marker. */
export function carryExif(original, copy) {
  const segment = exifSegment(original);
  if (!segment) return copy;
  const out = new Uint8Array(copy.byteLength + segment.byteLength);
  out.set(new Uint8Array(copy, 0, 2), 0);
  out.set(new Uint8Array(setUpright(segment)), 2);
  out.set(new Uint8Array(copy, 2), 2 + segment.byteLength);
  return out.buffer;
}
