/**
 * What both workers do with push messages: show what the city published, and open it.
 *
 * A message is {"title", "body", "link"} about a topic of the city; nothing that this phone keeps
 * is read for it.  Whatever else comes is shown as nothing but "news", for a browser ends what
 * pushes in silence.
 */

{
  /** @type {any} */
  const worker = self;
  const START = '/app/';
  const NEWS = '시의 새 소식 · News of the city';

  /** @param {any} data */
  const read = (data) => {
    try {
      const { title, body, link } = data.json();
      return { title: String(title || NEWS), body: String(body ?? ''), link: String(link ?? '') };
    } catch {
      return { title: NEWS, body: '', link: '' };
    }
  };

  /** Only pages of this city are opened. @param {string} link */
  const placeOf = (link) => {
    try {
      const url = new URL(link || START, worker.location.origin);
      return url.origin === worker.location.origin ? url.href : START;
    } catch {
      return START;
    }
  };

  /** @param {any} event */
  const show = async (event) => {
    const { title, body, link } = read(event.data);
    const icon = '/app/icons/icon-192.png';
    await worker.registration.showNotification(title, { body, icon, badge: icon, tag: link, data: { link: placeOf(link) } });
  };

  /** @param {string} link */
  const open = async (link) => {
    const windows = await worker.clients.matchAll({ type: 'window' });
    const same = windows.find((/** @type {any} */ one) => one.url === link);
    return same ? same.focus() : worker.clients.openWindow(link);
  };

  worker.addEventListener('push', (/** @type {any} */ event) => event.waitUntil(show(event)));
  worker.addEventListener('notificationclick', (/** @type {any} */ event) => {
    event.notification.close();
    event.waitUntil(open(event.notification.data?.link ?? START));
  });
}
