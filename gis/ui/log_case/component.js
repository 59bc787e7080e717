/**
 * The form in a Streamlit page. Streamlit calls this again at every change of theme or data with the same
 * element: the form that stands there stays.
 */

const standing = new WeakMap();

async function start(root, data) {
  try {
    const response = await fetch('/log/config', { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    if (!response.ok) throw new Error(`config ${response.status}`);
    const config = await response.json();
    const { mount } = await import(new URL(`${config.app}/main.js`, window.location.origin).href);
    return await mount(root, config);
  } catch (error) {
    console.error(error);
    const said = document.createElement('p');
    said.setAttribute('role', 'alert');
    said.textContent = data.failed;
    root.append(said);
    return () => said.remove();
  }
}

export default function logCase({ parentElement, data }) {
  let running = standing.get(parentElement);
  if (!running) {
    running = start(parentElement, data);
    standing.set(parentElement, running);
  }
  return async () => {
    standing.delete(parentElement);
    (await running)();
  };
}
