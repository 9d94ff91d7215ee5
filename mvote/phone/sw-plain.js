/** The worker for browsers that take no modules here: it keeps the app. */

/** @type {any} */ (self).importScripts('/app/files.js', '/app/sw-cache.js', '/app/sw-push.js');
