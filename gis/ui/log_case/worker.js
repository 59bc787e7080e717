/**
 * Service worker of the log form: lets its page open without network. It keeps the page, its scripts, styles
 * and fonts; never a case, a photo, a tile or anything else about the city. FILES and VERSION are written in
 * front of this text by the server and change with every file: a new version replaces the old cache whole.
 */
/* global FILES, VERSION */

const PREFIX = 'wanmi-log-';
const CACHE = PREFIX + VERSION;
const SHELL = '/log/phone';
const SHELL_FOR = new Set([SHELL, '/log']);
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
    if (SHELL_FOR.has(address.pathname)) event.respondWith(page(request, address.pathname === SHELL));
  } else if (FILES.includes(address.pathname + address.search)) {
    event.respondWith(file(request));
  }
});

async function fill() {
  const cache = await caches.open(CACHE);
  // a redirect would be the sign-in page: better no shell than that one under this name
  const wanted = [SHELL, ...FILES].map((path) => new Request(path, { redirect: 'error', cache: 'reload' }));
  await cache.addAll(wanted);
}

async function dropOld() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** The network's page while it answers in time; else the kept one. */
async function page(request, isShell) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(SHELL);
  try {
    const fresh = await inTime(fetch(request), kept ? PATIENCE_MS : null);
    if (fresh.status >= 500 && kept) return kept;
    if (isShell && fresh.ok && !fresh.redirected) await cache.put(SHELL, fresh.clone());
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
