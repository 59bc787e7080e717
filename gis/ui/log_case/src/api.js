/**
 * The way to the server. Every answer is one of
 * { ok, body } · { refused, message, faults } · { signedOut } · { away }:
 * whoever calls decides by these four and never by status codes.
 */

const TIMEOUT_MS = 60_000;
const SLOWEST_BYTES_PER_MS = 20; // half of 400 kbit/s: a large photo over a bad connection is not given up
const TRY_LATER = new Set([408, 425, 429]); // says nothing about what was sent

async function ask(address, options = {}, read = (response) => response.json()) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), options.timeout ?? TIMEOUT_MS);
  try {
    const response = await fetch(address, {
      credentials: 'same-origin', cache: 'no-store', redirect: 'error', ...options, signal: abort.signal,
    });
    return await answerOf(response, read);
  } catch {
    return { away: true }; // no network, a time-out, half an answer: nothing is known, so ask again later
  } finally {
    clearTimeout(timer);
  }
}

async function answerOf(response, read) {
  if (response.status === 304) return { ok: true, same: true };
  if (response.ok) return { ok: true, body: await read(response), tag: response.headers.get('ETag') };
  if (response.status === 401) return { signedOut: true };
  if (response.status >= 500 || TRY_LATER.has(response.status)) return { away: true };
  const body = await response.json().catch(() => ({}));
  return {
    refused: true, status: response.status, error: body.error ?? '',
    message: body.message ?? '', faults: Array.isArray(body.faults) ? body.faults : [],
  };
}

/** An address's parameters; what is not known is left out. */
function query(values) {
  const known = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return new URLSearchParams(known).toString();
}

export const api = {
  me: () => ask('/api/me', { timeout: 10_000 }),
  classes: () => ask('/api/classes', { timeout: 20_000 }),
  questions: () => ask('/api/questions', { timeout: 20_000 }),
  locate: (lon, lat, accuracyM) => ask(`/api/locate?${query({ lon, lat, accuracy_m: accuracyM })}`,
    { timeout: 10_000 }),
  similar: (wanted) => ask(`/api/cases/duplicates?${query(wanted)}`, { timeout: 10_000 }),
  tasks: (tag) => ask('/api/tasks/mine', { timeout: 30_000, headers: tag ? { 'If-None-Match': tag } : {} }),
  case: (number) => ask(`/api/cases/${encodeURIComponent(number)}`, { timeout: 30_000 }),
  thumb: (sha256) => ask(`/files/${encodeURIComponent(sha256)}?size=thumb`, { timeout: 30_000 },
    async (response) => ({ bytes: await response.arrayBuffer(), type: response.headers.get('Content-Type') })),
  cell: (code) => ask(`/log/cell/${encodeURIComponent(code)}`, { timeout: 10_000 }),
  postPhoto: (bytes, type, personId) => ask('/api/files',
    { method: 'POST', body: bytes, headers: { 'Content-Type': type, ...from(personId) },
      timeout: TIMEOUT_MS + bytes.byteLength / SLOWEST_BYTES_PER_MS }),
  postCase: (key, payload, personId) => ask('/api/cases', post(key, payload, personId)),
  postMove: (key, number, payload, personId) => ask(`/api/cases/${encodeURIComponent(number)}/moves`,
    post(key, payload, personId)),
};

/** The server refuses what is sent under the name of somebody who has signed in meanwhile. */
function from(personId) {
  return personId === null || personId === undefined ? {} : { 'Wanmi-Person': String(personId) };
}

function post(key, payload, personId) {
  return {
    method: 'POST', body: JSON.stringify(payload),
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...from(personId) },
  };
}
