/**
 * The way to the server. Every answer is one of
 * { ok, body } · { refused, message, faults } · { signedOut } · { away }:
 * whoever calls decides by these four and never by status codes.
 */

const TIMEOUT_MS = 60_000;
const TRY_LATER = new Set([408, 425, 429]); // says nothing about what was sent

async function ask(address, options = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), options.timeout ?? TIMEOUT_MS);
  try {
    const response = await fetch(address, {
      credentials: 'same-origin', cache: 'no-store', redirect: 'error', ...options, signal: abort.signal,
    });
    return await answerOf(response);
  } catch {
    return { away: true }; // no network, a time-out, half an answer: nothing is known, so ask again later
  } finally {
    clearTimeout(timer);
  }
}

async function answerOf(response) {
  if (response.ok) return { ok: true, body: await response.json() };
  if (response.status === 401) return { signedOut: true };
  if (response.status >= 500 || TRY_LATER.has(response.status)) return { away: true };
  const body = await response.json().catch(() => ({}));
  return {
    refused: true, status: response.status, error: body.error ?? '',
    message: body.message ?? '', faults: Array.isArray(body.faults) ? body.faults : [],
  };
}

export const api = {
  me: () => ask('/api/me', { timeout: 10_000 }),
  classes: () => ask('/api/classes', { timeout: 20_000 }),
  locate: (lon, lat) => ask(`/api/locate?lon=${encodeURIComponent(lon)}&lat=${encodeURIComponent(lat)}`,
    { timeout: 10_000 }),
  cell: (code) => ask(`/log/cell/${encodeURIComponent(code)}`, { timeout: 10_000 }),
  postPhoto: (bytes, type) => ask('/api/files',
    { method: 'POST', body: bytes, headers: { 'Content-Type': type } }),
  postCase: (key, payload) => ask('/api/cases', {
    method: 'POST', body: JSON.stringify(payload),
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
  }),
};
