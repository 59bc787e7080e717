/**
 * What this device keeps in IndexedDB: reports and decisions, their photos, the class list, what classes ask, who
 * was here last, today's tasks of that person.
 */

const NAME = 'wanmi-log';
const VERSION = 1;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('reports', { keyPath: 'key' });
      request.result.createObjectStore('photos', { keyPath: 'id' });
      request.result.createObjectStore('facts');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another window holds an older version'));
  });
}

export class DeviceStore {
  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close();
  }

  static async open() {
    // without this the browser may throw the queue away when the device runs short of room
    navigator.storage?.persist?.().catch(() => {});
    return new DeviceStore(await open());
  }

  /** Resolves when the browser says the transaction is complete, not when the request is. */
  _do(names, mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(names, mode, { durability: 'strict' });
      const request = work(...names.map((name) => transaction.objectStore(name)));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    });
  }

  reports() {
    return this._do(['reports'], 'readonly', (reports) => reports.getAll());
  }

  saveReport(report) {
    return this._do(['reports'], 'readwrite', (reports) => { reports.put(report); });
  }

  /** Save a draft, unless another window has handed this report to the queue meanwhile. */
  saveDraft(draft) {
    return this._do(['reports'], 'readwrite', (reports) => {
      const asked = reports.get(draft.key);
      asked.onsuccess = () => {
        if (!asked.result || asked.result.state === draft.state) reports.put(draft);
      };
    });
  }

  removeReport(key) {
    return this._do(['reports'], 'readwrite', (reports) => { reports.delete(key); });
  }

  /** Bytes, not Blobs: some browsers lose the Blobs of a database after a restart. */
  savePhoto(photo) {
    return this._do(['photos'], 'readwrite', (photos) => { photos.put(photo); });
  }

  photo(id) {
    return this._do(['photos'], 'readonly', (photos) => photos.get(id));
  }

  removePhotos(ids) {
    return this._do(['photos'], 'readwrite', (photos) => { ids.forEach((id) => photos.delete(id)); });
  }

  fact(name) {
    return this._do(['facts'], 'readonly', (facts) => facts.get(name));
  }

  setFact(name, value) {
    return this._do(['facts'], 'readwrite', (facts) => { facts.put(value, name); });
  }

  removeFact(name) {
    return this._do(['facts'], 'readwrite', (facts) => { facts.delete(name); });
  }

  close() {
    this.database.close();
  }
}
