/** The classes of components and events: fetched when there is a network, kept on the device for when not. */

const LIST = 'classes';
const RECENT = 'recent_classes';
const RECENT_KEPT = 6;
export const SHOWN_MOST = 30;

export function sameClass(a, b) {
  return a.kind === b.kind && a.code === b.code;
}

/**
 * Classes of one kind that contain every word of `text` in code or name, in the language of the list or the
 * other one. An exact code comes first, then what begins with the text, then the order of the standard.
 */
export function search(classes, kind, text) {
  const wanted = text.trim().toLowerCase();
  const words = wanted.split(/\s+/).filter(Boolean);
  const rank = (item) => {
    if (item.code === wanted) return 0;
    return [item.code, ...item.names].some((name) => name.toLowerCase().startsWith(wanted)) ? 1 : 2;
  };
  return classes
    .filter((item) => item.kind === kind && words.every((word) => item.text.includes(word)))
    .map((item, place) => ({ item, rank: wanted ? rank(item) : 0, place }))
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .map(({ item }) => item);
}

/** One class as the server lists it, made ready for `search`. */
export function fromServer(row) {
  const names = [row.name_zh, row.name_en].filter(Boolean);
  const groups = [row.class_zh, row.class_en].filter(Boolean);
  return {
    kind: row.kind, code: row.code, names, groups,
    text: [row.code, ...names, ...groups, row.code_2026 ?? ''].join(' ').toLowerCase(),
  };
}

export class ClassList {
  constructor({ store, api }) {
    Object.assign(this, { store, api });
    this.all = [];
    this.recent = [];
  }

  /** What the device knows, at once; the server's list, when it comes. */
  async load(changed) {
    this.all = (await this.store.fact(LIST)) ?? [];
    this.recent = (await this.store.fact(RECENT)) ?? [];
    changed();
    const answer = await this.api.classes();
    if (!answer.ok) return;
    this.all = answer.body.classes.map(fromServer);
    await this.store.setFact(LIST, this.all);
    changed();
  }

  /** For an empty search: what this person used last comes first. */
  find(kind, text) {
    const found = search(this.all, kind, text);
    if (text.trim()) return found;
    const recent = this.recent.map((used) => found.find((item) => sameClass(item, used))).filter(Boolean);
    return [...recent, ...found.filter((item) => !recent.includes(item))];
  }

  get(kind, code) {
    return this.all.find((item) => sameClass(item, { kind, code }));
  }

  async use({ kind, code }) {
    const others = this.recent.filter((used) => !sameClass(used, { kind, code }));
    this.recent = [{ kind, code }, ...others].slice(0, RECENT_KEPT);
    await this.store.setFact(RECENT, this.recent);
  }
}
