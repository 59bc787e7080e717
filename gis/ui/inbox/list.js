// The list of an inbox: choose by hand or by keyboard. Every text is set as text, never as markup.

const MOVE_BUTTONS = '.st-key-inbox-case [data-testid="stButtonGroup"] button';
const REST_MS = 180; // while j is held nothing is loaded; the case where it stops is

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

const chip = (words, background, colour) => {
  const made = element("span", "chip", words);
  made.style.background = background;
  made.style.color = colour;
  return made;
};

function entry(row, words) {
  const item = element("li");
  item.setAttribute("role", "option");
  item.id = `inbox-${row.number}`;
  const head = element("div", "head");
  if (row.unread) {
    const dot = element("span", "dot");
    dot.setAttribute("role", "img");
    dot.setAttribute("aria-label", words.unread);
    dot.title = words.unread;
    head.append(dot);
  }
  head.append(element("strong", "", row.number));
  if (row.mine) head.append(element("span", "mine", words.mine));
  head.append(chip(row.state, row.background, row.colour), chip(row.lamp, row.lampColour, "#fff"));
  item.append(head, element("div", "what", row.what), element("div", "where", row.where));
  return item;
}

const isTyping = (target) =>
  target instanceof Element &&
  target.closest('input, textarea, select, [contenteditable="true"], [role="combobox"]') !== null;

export default function ({ data, parentElement, setStateValue }) {
  const list = parentElement.querySelector("ol");
  const rows = data.rows;
  const items = rows.map((row) => entry(row, data.words));
  let at = Math.max(0, rows.findIndex((row) => row.number === data.chosen));
  let waiting = 0;

  const show = (scroll) => {
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
    if (items[at]) {
      list.setAttribute("aria-activedescendant", items[at].id);
      if (scroll) items[at].scrollIntoView({ block: "nearest" });
    }
  };
  const open = () => window.location.assign(`/case?number=${encodeURIComponent(rows[at].number)}`);
  const choose = (n, wait) => {
    at = Math.min(rows.length - 1, Math.max(0, n));
    show(true);
    window.clearTimeout(waiting);
    const number = rows[at].number;
    waiting = window.setTimeout(() => setStateValue("chosen", number), wait);
  };
  const press = (n) => {
    const button = document.querySelectorAll(MOVE_BUTTONS)[n];
    if (button) button.click();
    return Boolean(button);
  };
  const onKey = (event) => {
    const path = event.composedPath(); // the list lives in a shadow tree
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(path[0])) return;
    const inList = path.includes(list);
    const digit = /^[1-9]$/.test(event.key);
    if (event.key === "j" || (inList && event.key === "ArrowDown")) choose(at + 1, REST_MS);
    else if (event.key === "k" || (inList && event.key === "ArrowUp")) choose(at - 1, REST_MS);
    else if (event.key === "Enter" && (inList || path[0] === document.body)) open();
    else if (!digit || !press(Number(event.key) - 1)) return;
    event.preventDefault();
  };

  items.forEach((item, n) => {
    item.onclick = () => {
      if (data.phone) {
        at = n;
        open();
      } else choose(n, 0);
    };
  });
  list.setAttribute("aria-label", data.words.list);
  list.replaceChildren(...items);
  show(false);
  if (rows.length === 0) return undefined;
  document.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("keydown", onKey);
    window.clearTimeout(waiting);
  };
}
