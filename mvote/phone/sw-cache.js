/**
 * What both workers do: keep the files of one version, and serve them where there is no net.
 *
 * `files.js`, which the server makes, names the version and the digest of every file.  A file
 * that came otherwise ends the installation: a version is kept whole or not at all.
 */

{
  /** @type {any} */
  const worker = self;
  /** @type {{ version: string, files: Record<string, string> }} */
  const { version, files } = worker.mvoteFiles;
  const CACHE = `mvote-${version}`;
  const START = '/app/';
  /** What a screen waits for goes first. @type {RequestInit} */
  const FETCHED = { cache: 'no-cache', credentials: 'omit', priority: 'low' };

  /** @param {ArrayBuffer} raw */
  const digestOf = async (raw) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', raw));
    return btoa(String.fromCharCode(...digest));
  };

  /** @param {Cache} cache @param {string} path */
  const keep = async (cache, path) => {
    const response = await fetch(path, FETCHED);
    const raw = await response.clone().arrayBuffer();
    if (!response.ok || (await digestOf(raw)) !== files[path]) throw new Error(`another version of ${path}`);
    await cache.put(path, response);
  };

  const install = async () => {
    const cache = await caches.open(CACHE);
    await Promise.all(Object.keys(files).map((path) => keep(cache, path)));
  };

  const clean = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('mvote-') && name !== CACHE) await caches.delete(name);
    }
    await worker.clients.claim();
  };

  /** @param {Request} request */
  const serve = async (request) => {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(request.mode === 'navigate' ? START : request);
    return kept ?? fetch(request);
  };

  worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
  worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(clean()));
  worker.addEventListener('message', (/** @type {any} */ event) => {
    if (event.data === 'take-over') worker.skipWaiting();
  });
  worker.addEventListener('fetch', (/** @type {any} */ event) => {
    const { method, url, mode } = event.request;
    const { origin, pathname, search } = new URL(url);
    if (method !== 'GET' || origin !== location.origin) return;
    const screen = mode === 'navigate' && pathname.startsWith(START) && !pathname.includes('.');
    if (screen || files[pathname + search]) event.respondWith(serve(event.request));
  });
}
