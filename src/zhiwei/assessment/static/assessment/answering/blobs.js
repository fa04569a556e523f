// Photos that wait for the network, in IndexedDB; where that is closed they live as long as the page.

/** @typedef {{id: number, sitting: string, question: string, blob: Blob}} Kept */

/** @type {Promise<IDBDatabase | null> | null} */
let opened = null;
/** @type {Map<number, Kept>} */
const inMemory = new Map();

/**
 * @param {Omit<Kept, "id">} one
 * @returns {Promise<number>}
 */
export async function keepBlob(one) {
  const base = await open();
  if (!base) {
    const id = -1 - inMemory.size;
    inMemory.set(id, { ...one, id });
    return id;
  }
  return Number(await asked(base.transaction("photos", "readwrite").objectStore("photos").add(one)));
}

/** @param {number} id */
export async function dropBlob(id) {
  inMemory.delete(id);
  const base = id < 0 ? null : await open();
  if (base) await asked(base.transaction("photos", "readwrite").objectStore("photos").delete(id));
}

/**
 * @param {string} sitting
 * @returns {Promise<Kept[]>}
 */
export async function keptBlobs(sitting) {
  const base = await open();
  const all = base ? await asked(base.transaction("photos").objectStore("photos").getAll()) : [...inMemory.values()];
  return all.filter((one) => one.sitting === sitting);
}

function open() {
  opened ??= new Promise((done) => {
    try {
      const request = indexedDB.open("zhiwei-photos", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("photos", { keyPath: "id", autoIncrement: true });
      request.onsuccess = () => done(request.result);
      request.onerror = () => done(null);
    } catch {
      done(null);
    }
  });
  return opened;
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function asked(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
