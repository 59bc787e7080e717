/**
 * The layers of the map as one pile: which are shown, how strong, in which order. The tree, the link, saved views and
 * tools change the pile; the pile changes the map and tells whoever listens.
 */
const FIRST_Z = 10; // raster base maps lie below

/** The order after `id` has been put directly above `other` (null: to the bottom). */
export function placedAbove(order, id, other) {
  const rest = order.filter((one) => one !== id);
  const at = other === null ? 0 : rest.indexOf(other) + 1;
  return [...rest.slice(0, at), id, ...rest.slice(at)];
}

/**
 * The order when the layers of a link lie in the link's order: they take the places they have between them, so that
 * layers the link does not name stay where they are.
 */
export function reordered(order, wanted) {
  const known = wanted.filter((id) => order.includes(id));
  const next = known[Symbol.iterator]();
  return order.map((id) => (known.includes(id) ? next.next().value : id));
}

/** True when two tags ("rows-steps.scope") tell of the same rows and scope: only steps of cases lie between them. */
export function isStep(before, now) {
  const parts = (tag) => /^(\d+)-[^.]*(\..*)$/.exec(tag ?? '')?.slice(1).join('') ?? null;
  return parts(before) !== null && parts(before) === parts(now);
}

/** One step towards the top (+1) or the bottom (-1) among the shown layers; the same order at the end of the pile. */
export function stepped(order, shown, id, step) {
  const among = order.filter((one) => shown.has(one) || one === id);
  const at = among.indexOf(id);
  const other = among[at + step];
  if (other === undefined) return order;
  return step > 0 ? placedAbove(order, id, other) : placedAbove(order, other, id);
}

export class Pile {
  /** @param build  `build(entry, { visible, opacity, zIndex })` puts the layer under the map's bus and answers it */
  constructor(bus, entries, build) {
    this.bus = bus;
    this.entries = new Map(entries.map((entry) => [entry.id, entry]));
    this.order = [...entries].sort((a, b) => (a.order ?? 0) - (b.order ?? 0)).map(({ id }) => id);
    this.shown = new Set(entries.filter(({ visible }) => visible).map(({ id }) => id));
    this.opacities = new Map();
    this.versions = new Map();
    this._build = build;
    this._listeners = new Set();
    this._ready = false;
  }

  /** Put every layer on the map; until then changes are only remembered, so that no tile is asked twice. */
  start() {
    this._ready = true;
    for (const [at, id] of this.order.entries()) {
      const layer = this._build(this.entries.get(id), {
        visible: this.shown.has(id), opacity: this.opacity(id), zIndex: FIRST_Z + at,
        version: this.versions.get(id) ?? '' });
      if (!layer) this.shown.delete(id);
    }
    this._tell();
  }

  has(id) { return this.entries.has(id); }
  isShown(id) { return this.shown.has(id); }
  opacity(id) { return this.opacities.get(id) ?? 1; }
  layer(id) { return this.bus.layers.get(id) ?? null; }

  /** Shown layers, lowest first, as the link writes them. */
  list() {
    return this.order.filter((id) => this.shown.has(id)).map((id) => ({ id, opacity: this.opacity(id) }));
  }

  /** Call `listener()` after every change. */
  on(listener) {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }

  show(id, visible = true) {
    if (!this.has(id) || this.shown.has(id) === visible) return;
    if (visible) this.shown.add(id); else this.shown.delete(id);
    this._apply(id, { visible });
    this._tell();
  }

  setOpacity(id, opacity) {
    if (!this.has(id) || this.opacity(id) === opacity) return;
    this.opacities.set(id, opacity);
    this._apply(id, { opacity });
    this._tell();
  }

  setOrder(order) {
    if (order.join() === this.order.join()) return;
    this.order = order;
    for (const [at, id] of order.entries()) this._apply(id, { order: FIRST_Z + at });
    this._tell();
  }

  step(id, step) { this.setOrder(stepped(this.order, this.shown, id, step)); }

  /**
   * The tag of a layer's tiles: tiles in view are asked again, the old picture stays until then. When only steps of
   * cases lie between the tags, `touched` says where they were, and only tiles there are asked. False: nothing was new.
   */
  setVersion(id, version, touched = null) {
    const before = this.versions.get(id);
    if (before === version || !this.has(id)) return false;
    this.versions.set(id, version);
    this._apply(id, { version, touched: isStep(before, version) ? touched : null });
    return true;
  }

  /** Show exactly these [{ id, opacity }], lowest first. Answers the ids that are not here. */
  restore(wanted) {
    const known = wanted.filter(({ id }) => this.has(id));
    const ids = known.map(({ id }) => id);
    this.setOrder(reordered(this.order, ids));
    for (const { id, opacity } of known) this.setOpacity(id, opacity);
    for (const id of this.order) this.show(id, ids.includes(id));
    return wanted.filter(({ id }) => !this.has(id)).map(({ id }) => id);
  }

  _apply(id, patch) {
    if (this._ready) this.bus.apply({ layers: { [id]: patch } });
  }

  _tell() {
    for (const listener of this._listeners) listener();
  }
}
