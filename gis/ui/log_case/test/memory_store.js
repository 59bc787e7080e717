/** The store of store.js in memory: copies in and out, as IndexedDB does. */
export class MemoryStore {
  constructor() {
    this.kept = { reports: new Map(), photos: new Map(), facts: new Map() };
  }

  async reports() { return [...this.kept.reports.values()].map((report) => structuredClone(report)); }
  async saveReport(report) { this.kept.reports.set(report.key, structuredClone(report)); }
  async saveDraft(draft) {
    const kept = this.kept.reports.get(draft.key);
    if (!kept || kept.state === draft.state) await this.saveReport(draft);
  }

  async removeReport(key) { this.kept.reports.delete(key); }
  async savePhoto(photo) { this.kept.photos.set(photo.id, structuredClone(photo)); }
  async photo(id) { return structuredClone(this.kept.photos.get(id)); }
  async removePhotos(ids) { ids.forEach((id) => this.kept.photos.delete(id)); }
  async fact(name) { return structuredClone(this.kept.facts.get(name)); }
  async setFact(name, value) { this.kept.facts.set(name, structuredClone(value)); }
  async removeFact(name) { this.kept.facts.delete(name); }
  close() {}
}
