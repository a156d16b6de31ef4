/**
 * Keeps the whole lab in the browser, so that it works without a network after its first load. The build fills in the list
 * of files and their hash; a version is stored whole or not at all, and pages are served from one version only.
 */

const VERSION = '__VERSION__';
/** Paths relative to this file. */
const FILES = ['__FILES__'];

const NAME = `hw5-lab-${VERSION}`;
const urlOf = (path) => new URL(path, self.location.href).href;
const known = new Set(FILES.map(urlOf));
const page = urlOf('index.html');

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll(FILES.map((path) => new Request(urlOf(path), { cache: 'no-cache' })))),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith('hw5-lab-') && name !== NAME))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The page asks for it when somebody wants the new version now.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = request.mode === 'navigate' ? page : request.url.replace(/[?#].*$/, '');
  if (!known.has(url)) return;
  event.respondWith(
    caches
      .open(NAME)
      .then((cache) => cache.match(url))
      .then((kept) => kept ?? fetch(request)),
  );
});
