/**
 * What the phone keeps: in IndexedDB, encrypted with AES-GCM by a key that no script can read out.
 *
 * Names are told in the clear, values are JSON.  The key lies in the same database, so it
 * protects what is copied off a phone by whoever does not run the app on it, and no more.
 */

import { fromUtf8, random, utf8 } from '../app/bytes.js';

/** @typedef {{ iv: Uint8Array<ArrayBuffer>, sealed: ArrayBuffer }} Sealed */

const NAME = 'mvote';
const KEPT = 'kept';
const KEYS = 'keys';
const OWN = 'own';
const IV_LENGTH = 12;

/** The browser lets this page keep nothing; `message` is the browser's own. */
export class StorageRefused extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.name = 'StorageRefused';
  }
}

/** The browser threw away what was kept, or the citizen did. */
export class KeptIsGone extends Error {
  constructor() {
    super('kept-is-gone');
    this.name = 'KeptIsGone';
  }
}

/** @type {Promise<{ database: IDBDatabase, key: CryptoKey }> | null} */
let opening = null;

/**
 * The value under a name; null where there is none.
 *
 * @param {string} name
 * @returns {Promise<any>}
 * @throws {StorageRefused}
 */
export async function get(name) {
  const { database, key } = await opened();
  /** @type {Sealed | undefined} */
  const sealed = await done(database.transaction(KEPT).objectStore(KEPT).get(name));
  return sealed ? unseal(key, name, sealed) : null;
}

/**
 * Keep a value; resolves when it is on the disk.
 *
 * @param {string} name
 * @param {object} value
 * @throws {StorageRefused}
 */
export async function put(name, value) {
  const { database, key } = await opened();
  const iv = random(IV_LENGTH);
  const how = { name: 'AES-GCM', iv, additionalData: utf8(name) };
  const sealed = await crypto.subtle.encrypt(how, key, utf8(JSON.stringify(value)));
  await written(database, KEPT, (store) => store.put({ iv, sealed }, name));
}

/** @param {string} name */
export async function remove(name) {
  const { database } = await opened();
  await written(database, KEPT, (store) => store.delete(name));
}

/**
 * The names that begin so, in order.
 *
 * @param {string} [prefix]
 * @returns {Promise<string[]>}
 */
export async function names(prefix = '') {
  const { database } = await opened();
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const found = await done(database.transaction(KEPT).objectStore(KEPT).getAllKeys(range));
  return found.map(String);
}

/** Ask the browser not to throw away what is kept; false where it may. */
export async function persist() {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

function opened() {
  opening ??= open().catch((error) => {
    opening = null;
    throw error instanceof StorageRefused ? error : new StorageRefused(error);
  });
  return opening;
}

async function open() {
  const database = await openDatabase();
  database.onclose = () => { opening = null; };
  database.onversionchange = () => { database.close(); opening = null; };
  return { database, key: await openKey(database) };
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    if (!globalThis.indexedDB) throw new StorageRefused('no indexedDB');
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KEPT);
      request.result.createObjectStore(KEYS);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new StorageRefused(request.error));
    request.onblocked = () => reject(new StorageRefused('blocked'));
  });
}

/** The one key; of two tabs that make one at once, the first wins. @param {IDBDatabase} database */
async function openKey(database) {
  const find = () => done(database.transaction(KEYS).objectStore(KEYS).get(OWN));
  const found = await find();
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  await written(database, KEYS, (store) => store.add(made, OWN)).catch(() => {});
  return (await find()) ?? Promise.reject(new StorageRefused('no key'));
}

/** @param {CryptoKey} key @param {string} name @param {Sealed} sealed */
async function unseal(key, name, { iv, sealed }) {
  const how = { name: 'AES-GCM', iv, additionalData: utf8(name) };
  return JSON.parse(fromUtf8(new Uint8Array(await crypto.subtle.decrypt(how, key, sealed))));
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new StorageRefused(request.error));
  });
}

/**
 * @param {IDBDatabase} database
 * @param {string} store
 * @param {(store: IDBObjectStore) => IDBRequest} write
 * @returns {Promise<void>}
 */
function written(database, store, write) {
  return new Promise((resolve, reject) => {
    try {
      const transaction = database.transaction(store, 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new StorageRefused(transaction.error));
      transaction.onerror = () => reject(new StorageRefused(transaction.error));
      write(transaction.objectStore(store));
    } catch (error) {
      reject(new StorageRefused(error)); // some browsers refuse at once
    }
  });
}

/** @type {Map<string, Promise<unknown>>} */
const lines = new Map();

/**
 * One at a time, over all windows of this app (Web Locks); within one window where there are none.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function alone(name, work) {
  if (navigator.locks) {
    // a lock gives back what the work gave
    return /** @type {Promise<T>} */ (navigator.locks.request(`mvote/${name}`, work));
  }
  const before = lines.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  lines.set(name, mine.catch(() => {}));
  return mine;
}
