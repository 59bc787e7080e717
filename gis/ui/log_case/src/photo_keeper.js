/** Chosen files become photos of a draft, kept on the device before anything else happens to them. */

import { PHOTOS_MOST } from './draft.js';
import { newKey } from './keys.js';
import { NotAPhoto, preparePhoto } from './photo.js';

/** Adds what fits to `draft.photos`, saving after each; answers what to tell the person, or ''. */
export async function keepPhotos(files, { draft, store, words, save }) {
  const room = PHOTOS_MOST - draft.photos.length;
  let fault = files.length > room ? words.say('photo_most', { most: PHOTOS_MOST }) : '';
  for (const file of files.slice(0, room)) {
    const id = newKey();
    try {
      await store.savePhoto({ id, ...await preparePhoto(file) });
      draft.photos.push({ id, sha256: null });
      await save();
    } catch (error) {
      const full = error?.name === 'QuotaExceededError';
      if (!full && !(error instanceof NotAPhoto)) console.error(error);
      fault = words.say(full ? 'device_full' : 'not_a_photo', { name: file.name });
    }
  }
  return fault;
}
