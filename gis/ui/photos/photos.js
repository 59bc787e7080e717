// Photos for a form: takes pictures, sends each to /api/files at once, answers the list of their hashes.
// Words come from the page as data; text reaches the screen only through textContent.
export default function (component) {
  const { parentElement, data, setStateValue } = component;
  const root = parentElement.querySelector('.photos');
  const input = root.querySelector('input');
  const list = root.querySelector('ul');
  const message = root.querySelector('p');
  const state = (root.wanmi ??= { kept: [], form: data.form });
  if (state.form !== data.form) Object.assign(state, { kept: [], form: data.form }); // a new form starts empty

  input.accept = data.accept;
  input.toggleAttribute('capture', data.camera);
  if (data.camera) input.capture = 'environment';
  root.querySelector('.choose').textContent = data.words.choose;
  input.disabled = state.kept.length >= data.most;

  const tell = () => setStateValue('photos', state.kept.map((photo) => photo.sha256));
  const draw = () => {
    list.replaceChildren(...state.kept.map((photo, index) => {
      const item = document.createElement('li');
      const image = document.createElement(photo.picture ? 'img' : 'span');
      const words = data.words.photo.replace('{n}', index + 1);
      if (photo.picture) {
        image.src = `/files/${photo.sha256}?size=thumb`;
        image.alt = words;
      } else {
        image.textContent = photo.name || words;
      }
      const remove = document.createElement('button');
      remove.type = 'button';
      remove.textContent = data.words.remove;
      remove.onclick = () => { state.kept.splice(index, 1); draw(); tell(); };
      item.append(image, remove);
      return item;
    }));
    input.disabled = state.kept.length >= data.most;
  };

  const send = async (file) => {
    const answer = await fetch(data.camera ? '/api/files' : '/api/files?as=file', {
      method: 'POST', body: file, credentials: 'same-origin',
      headers: { 'Content-Type': 'application/octet-stream' },
    });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.message || data.words.failed);
    return body;
  };

  input.onchange = async () => {
    const faults = [];
    message.textContent = data.words.sending;
    for (const file of [...input.files].slice(0, data.most - state.kept.length)) {
      try {
        const stored = await send(file);
        const photo = { sha256: stored.sha256, name: file.name, picture: stored.media_type.startsWith('image/') };
        if (!state.kept.some((kept) => kept.sha256 === photo.sha256)) state.kept.push(photo);
      } catch (error) {
        faults.push(`${file.name}: ${error instanceof TypeError ? data.words.failed : error.message}`);
      }
    }
    input.value = '';
    message.textContent = faults.join('\n');
    draw();
    tell();
  };
  draw();
}
