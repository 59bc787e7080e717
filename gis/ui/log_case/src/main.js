/**
 * Entry of the form, the same for the Streamlit page and the page that works offline:
 * `mount(root, config)` fills `root` (an element or a shadow root) and answers the function that ends it.
 * `config` = { locale, words, assets, map, css } comes from Python (gis/cases/log_screen.py).
 */

import { api } from './api.js';
import { el } from './dom.js';
import { LogForm } from './form.js';
import { ReportQueue } from './queue.js';
import { DeviceStore } from './store.js';

const LOCK = 'wanmi-log-queue';
const PERSON = 'person';

const clock = {
  now: () => Date.now(),
  after: (ms, call) => setTimeout(call, ms),
  stop: (handle) => clearTimeout(handle),
};

/** Where the browser has no locks (no HTTPS), two windows may send the same report: the key makes it one case. */
function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}

function wordsOf(texts) {
  const say = (name, values = {}) => {
    const text = texts[name] ?? name;
    return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
  };
  return { say };
}

/** Lets the page open without network from now on; a browser without service workers still has the queue. */
function keepPage(config) {
  navigator.serviceWorker?.register(config.worker, { scope: '/log' })
    .catch((error) => console.warn('the page will need the network to open', error));
}

function frame(root, config) {
  const box = el('div', { class: 'log-case', lang: config.locale });
  const styles = [config.assets.leaflet_css, config.assets.map_css, config.css]
    .map((href) => el('link', { rel: 'stylesheet', href }));
  root.append(...styles, box);
  return { box, remove: () => [...styles, box].forEach((node) => node.remove()) };
}

/** Who was here last is kept for the time without network; the queue asks the server before it sends. */
async function renewPerson(store, queue) {
  const answer = await api.me();
  if (!answer.ok) return;
  const { person_id: personId, name } = answer.body;
  queue.setPerson({ person_id: personId, name });
  await store.setFact(PERSON, queue.person);
}

export async function mount(root, config) {
  const words = wordsOf(config.words);
  const { box, remove } = frame(root, config);
  let store;
  try {
    store = await DeviceStore.open();
  } catch (error) {
    box.append(el('p', { class: 'notice', role: 'alert' }, words.say('no_storage')));
    console.error(error);
    return remove;
  }
  let form = null;
  const queue = new ReportQueue({ store, api, clock, alone, changed: () => form?.refresh() });
  form = new LogForm({ root: box, store, queue, api, words, config });
  const retry = () => queue.flush();
  const seen = () => { if (document.visibilityState === 'visible') queue.flush(); };
  window.addEventListener('online', retry);
  document.addEventListener('visibilitychange', seen);
  queue.setPerson((await store.fact(PERSON)) ?? null);
  const started = form.start();
  await renewPerson(store, queue);
  await started;
  await form.refresh();
  box.dataset.ready = 'yes';
  keepPage(config);
  queue.flush();
  return () => {
    window.removeEventListener('online', retry);
    document.removeEventListener('visibilitychange', seen);
    queue.stop();
    form.stop();
    remove();
  };
}
