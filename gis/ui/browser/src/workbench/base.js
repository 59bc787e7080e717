/** The base map: our own drawn one (the layers of the group "base"), or one of the raster maps of the settings. */
const LOWEST = 1;

export class Base {
  constructor(bench) {
    this.bench = bench;
    this.id = null;
    this.raster = null;
    this._listeners = new Set();
    bench.link.on('base', (id) => {
      if (id === null || this._entry(id)) this.use(id ?? this._usual());
      else bench.miss([id]);
    });
  }

  on(listener) { this._listeners.add(listener); }

  _usual() { return this.bench.config.base?.[0]?.id ?? null; }

  _entry(id) { return this.bench.config.base?.find((one) => one.id === id) ?? null; }

  /** Begin with the base map of the link, else with the first. Answers false when the link's is not here. */
  start() {
    const wanted = this.bench.link.get('base');
    const known = wanted === null || this._entry(wanted) !== null;
    this.use(known && wanted !== null ? wanted : this._usual());
    return known;
  }

  use(id) {
    const entry = this._entry(id);
    if (!entry || id === this.id) return;
    const { map, L, pile, link } = this.bench;
    const before = this._entry(this.id);
    this.id = id;
    this.raster?.remove();
    this.raster = entry.kind === 'drawn' || !L.wanmiRaster ? null
      : L.wanmiRaster({ ...entry, zIndex: LOWEST }).setZIndex(LOWEST).addTo(map);
    // the drawn map gives way to a picture and comes back after it
    const drawn = [...pile.entries.values()].filter(({ group }) => before && group === 'base');
    for (const one of drawn) pile.show(one.id, entry.kind === 'drawn');
    link.set('base', id === this._usual() ? null : id);
    for (const listener of this._listeners) listener(id);
  }
}
