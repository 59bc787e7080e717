/**
 * Service worker of the pages for the street: lets them open without network. It keeps the pages, their scripts
 * and styles; never a case, a photo, a tile or anything else about the city. FILES and VERSION are written in
 * front of this text by the server and change with every file: a new version replaces the old cache whole.
 */
/* global FILES, VERSION */

const PREFIX = 'wanmi-log-';
const CACHE = PREFIX + VERSION;
const SHELL = '/log/phone';
const WORK = '/log/work';
const SHELL_FOR = new Map([[SHELL, SHELL], ['/log', SHELL], [WORK, WORK]]);
const OWN = /^\/log\/app\//; // the address carries the version: what the browser has is right
const PATIENCE_MS = 4000; // of a network that is there but does not answer

self.addEventListener('install', (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    const shell = SHELL_FOR.get(address.pathname);
    if (shell) event.respondWith(page(request, shell, address.pathname === shell));
  } else if (FILES.includes(address.pathname + address.search)) {
    event.respondWith(file(request));
  }
});

async function fill() {
  const cache = await caches.open(CACHE);
  // a redirect would be the sign-in page: better no shell than that one under this name
  await cache.addAll([SHELL, ...FILES].map(wanted));
  await cache.add(wanted(WORK)).catch(() => {}); // not everybody who reports has tasks
}

/** Over a bad connection nothing is fetched twice: files the page has just loaded come from the browser. */
function wanted(path) {
  return new Request(path, { redirect: 'error', cache: OWN.test(path) ? 'default' : 'no-cache' });
}

async function dropOld() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** The network's page while it answers in time; else the kept one. */
async function page(request, shell, isShell) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(shell);
  try {
    const fresh = await inTime(fetch(request), kept ? PATIENCE_MS : null);
    if (fresh.status >= 500 && kept) return kept;
    if (isShell && fresh.ok && !fresh.redirected) await cache.put(shell, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

function inTime(answer, patience) {
  if (patience === null) return answer;
  const late = new Promise((_, reject) => { setTimeout(() => reject(new Error('late')), patience); });
  return Promise.race([answer, late]);
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}
