/** Questions to the server: JSON with the session's cookie; what goes wrong becomes one sentence for people. */

export class AskError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status; // 0: no answer at all
  }
}

async function bodyOf(response) {
  try { return await response.json(); } catch { return null; }
}

/**
 * `ask(path, { params, body, signal })` answers the JSON of a route; with a `body` it is sent as JSON by POST.
 * Throws AskError with the server's own sentence where it has one, and AbortError when the signal says so.
 */
export function defineAsk(say, { onSignedOut = () => {} } = {}) {
  return async function ask(path, { params = {}, body, signal } = {}) {
    const given = Object.entries(params).filter(([, value]) => value !== null && value !== undefined);
    const query = new URLSearchParams(given);
    const address = query.size ? `${path}?${query}` : path;
    const init = { credentials: 'same-origin', signal, headers: { Accept: 'application/json' } };
    if (body !== undefined) {
      Object.assign(init, { method: 'POST', body: JSON.stringify(body) });
      init.headers['Content-Type'] = 'application/json';
    }
    let response;
    try {
      response = await fetch(address, init);
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new AskError(say('error.unreachable'), 0);
    }
    if (response.ok) return response.json();
    if (response.status === 401) {
      onSignedOut();
      throw new AskError(say('error.signed_out'), 401);
    }
    const told = (await bodyOf(response))?.message;
    throw new AskError(told ?? say(response.status >= 500 ? 'error.unreachable' : 'error.refused'), response.status);
  };
}
