// Two photos of one place: side by side, or one above the other with an edge that is drawn across.

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

const image = (photo) => {
  const made = element("img");
  made.src = `/files/${photo.sha256}`;
  made.alt = photo.words;
  made.loading = "lazy";
  return made;
};

function beside(before, after) {
  const pair = element("div", "beside");
  for (const photo of [before, after]) {
    const link = element("a");
    link.href = `/files/${photo.sha256}`;
    link.target = "_blank";
    link.rel = "noopener";
    link.append(image(photo));
    const figure = element("figure");
    figure.append(link, element("figcaption", "", photo.words));
    pair.append(figure);
  }
  return pair;
}

function swiped(before, after, words) {
  const whole = element("div", "swipe");
  const stage = element("div", "stage");
  const top = image(after);
  top.className = "top";
  const edge = element("div", "edge");
  stage.append(image(before), top, edge, element("span", "tag left", before.words),
    element("span", "tag right", after.words));
  const range = element("input");
  range.type = "range";
  range.min = "0";
  range.max = "100";
  range.value = "50";
  range.setAttribute("aria-label", words.edge);
  const draw = () => {
    stage.style.setProperty("--edge", `${range.value}%`);
    range.setAttribute("aria-valuetext", `${before.words} ${range.value} %`);
  };
  range.oninput = draw;
  draw();
  whole.append(stage, range);
  return whole;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector("section");
  const { before, after, words } = data;
  const button = element("button");
  button.type = "button";
  const view = element("div");
  let swiping = false;
  const draw = () => {
    button.textContent = swiping ? words.beside : words.swipe;
    button.setAttribute("aria-pressed", String(swiping));
    view.replaceChildren(swiping ? swiped(before, after, words) : beside(before, after));
  };
  button.onclick = () => {
    swiping = !swiping;
    draw();
  };
  root.setAttribute("aria-label", words.title);
  root.replaceChildren(view, button);
  draw();
}
