/** From a chosen file to the bytes that are kept and sent. */

import { carryExif } from './exif.js';

const KEEP_UP_TO_BYTES = 8 * 1024 * 1024;
const LONGEST_SIDE_PX = 2560;
const QUALITY = 0.85;
const AS_THEY_ARE = new Set(['image/jpeg', 'image/png', 'image/webp']);

export class NotAPhoto extends Error {}

/**
 * The original where it is small enough: it is the better evidence. Otherwise a JPEG of at most
 * 2560 px, upright, with the EXIF record of the original. Throws NotAPhoto when the browser cannot read it.
 */
export async function preparePhoto(file) {
  const original = await file.arrayBuffer();
  if (file.size <= KEEP_UP_TO_BYTES && AS_THEY_ARE.has(file.type)) {
    await measure(file);
    return { bytes: original, type: file.type };
  }
  return { bytes: carryExif(original, await shrink(file)), type: 'image/jpeg' };
}

async function decode(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new NotAPhoto();
  }
}

/** Refuse a file that is no picture now, while its owner can still take another. */
async function measure(file) {
  (await decode(file)).close();
}

async function shrink(file) {
  const picture = await decode(file);
  const ratio = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * ratio));
  canvas.height = Math.max(1, Math.round(picture.height * ratio));
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', QUALITY); });
  if (!blob) throw new NotAPhoto();
  return blob.arrayBuffer();
}
