/**
 * Entry of the form, the same for the Streamlit page and the page that works offline:
 * `mount(root, config)` fills `root` (an element or a shadow root) and answers the function that ends it.
 * `config` = { locale, words, assets, map, css } comes from Python (gis/cases/log_screen.py).
 */

import { api } from './api.js';
import { frame, keepPage, openDevice, renewPerson, wordsOf } from './device.js';
import { LogForm } from './form.js';

export async function mount(root, config) {
  const words = wordsOf(config.words);
  const { assets } = config;
  const { box, remove } = frame(root, config, [assets.leaflet_css, assets.map_css, config.css]);
  let form = null;
  const device = await openDevice({ box, words, changed: () => form?.refresh() });
  if (!device) return remove;
  const { store, queue } = device;
  form = new LogForm({ root: box, store, queue, api, words, config });
  const unwatch = device.watch();
  const started = form.start();
  await renewPerson(store, queue);
  await started;
  await form.refresh();
  box.dataset.ready = 'yes';
  keepPage(config);
  queue.flush();
  return () => {
    unwatch();
    form.stop();
    remove();
  };
}
