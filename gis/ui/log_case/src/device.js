/** What every page for the street begins with: words, the store of this device, its queue, who is here. */

import { api } from './api.js';
import { el } from './dom.js';
import { ReportQueue } from './queue.js';
import { DeviceStore } from './store.js';

const LOCK = 'wanmi-log-queue';
const PERSON = 'person';

const FONTS = '/assets/fonts.css';

const clock = {
  now: () => Date.now(),
  after: (ms, call) => setTimeout(call, ms),
  stop: (handle) => clearTimeout(handle),
};

/** Where the browser has no locks (no HTTPS), two windows may send the same item: the key makes it one. */
function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}

export function wordsOf(texts) {
  const say = (name, values = {}) => {
    const text = texts[name] ?? name;
    return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
  };
  return { say };
}

/** Lets the pages open without network from now on; a browser without service workers still has the queue. */
export function keepPage(config) {
  navigator.serviceWorker?.register(config.worker, { scope: '/log' })
    .catch((error) => console.warn('the page will need the network to open', error));
}

function drawn(sign) {
  const context = Object.assign(document.createElement('canvas'), { width: 24, height: 24 }).getContext('2d');
  context.font = '20px sans-serif';
  context.fillText(sign, 2, 20);
  return context.getImageData(0, 0, 24, 24).data.join();
}

/** Phones have a Chinese font; ours, of 2.3 MB, is fetched only where two signs look the same. */
export function bringFont() {
  if (drawn('核') === drawn('查')) document.head.append(el('link', { rel: 'stylesheet', href: FONTS }));
}

export function frame(root, config, styles) {
  const box = el('div', { class: 'log-case', lang: config.locale });
  const links = styles.map((href) => el('link', { rel: 'stylesheet', href }));
  root.append(...links, box);
  return { box, remove: () => [...links, box].forEach((node) => node.remove()) };
}

/** Store and queue of this device, or null where the browser keeps nothing: `box` then says so. */
export async function openDevice({ box, words, changed }) {
  let store;
  try {
    store = await DeviceStore.open();
  } catch (error) {
    box.append(el('p', { class: 'notice', role: 'alert' }, words.say('no_storage')));
    console.error(error);
    return null;
  }
  const queue = new ReportQueue({ store, api, clock, alone, changed });
  queue.setPerson((await store.fact(PERSON)) ?? null);
  return { store, queue, watch: () => watch(queue) };
}

/** Try again when the network returns and when the page is looked at; answers the function that ends it. */
function watch(queue) {
  const retry = () => queue.flush();
  const seen = () => { if (document.visibilityState === 'visible') queue.flush(); };
  window.addEventListener('online', retry);
  document.addEventListener('visibilitychange', seen);
  return () => {
    window.removeEventListener('online', retry);
    document.removeEventListener('visibilitychange', seen);
    queue.stop();
  };
}

/** Who was here last is kept for the time without network; the queue asks the server before it sends. */
export async function renewPerson(store, queue) {
  const answer = await api.me();
  if (!answer.ok) return answer;
  const { person_id: personId, name } = answer.body;
  queue.setPerson({ person_id: personId, name });
  await store.setFact(PERSON, queue.person);
  return answer;
}
