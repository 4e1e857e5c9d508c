// Pushes become notifications; a click opens the request. Nothing is decided from a notification: it has no buttons.
import { noticeOf, pathOf } from './push-message.ts';
import type { ClickEvent, PushEvent, WorkerScope } from './scope.ts';

/** Shows a push, and how many wait on the app's icon. */
export async function showPush(scope: WorkerScope, event: PushEvent): Promise<void> {
  const notice = noticeOf(event.data?.text() ?? null);
  await scope.registration.showNotification(notice.title, {
    body: notice.body,
    tag: notice.tag,
    renotify: notice.urgent,
    requireInteraction: notice.urgent,
    icon: '/icons/icon-192.png',
    badge: '/icons/badge-96.png',
    data: { id: notice.requestId },
  });
  const shown = await scope.registration.getNotifications();
  // The page sets the true number as soon as it is open; refusing to is not worth losing the notification over.
  await scope.navigator.setAppBadge?.(shown.length).catch(() => undefined);
}

/** Brings the request's page to the front where it is open, or opens it. A page with a half-written reason is not led away. */
export async function openRequest(scope: WorkerScope, event: ClickEvent): Promise<void> {
  event.notification.close();
  const data: unknown = event.notification.data;
  const id = typeof data === 'object' && data !== null && 'id' in data ? data.id : null;
  const url = new URL(pathOf(id), scope.location.origin).href;
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows.find((window) => window.url.split(/[?#]/, 1)[0] === url);
  await (open === undefined ? scope.clients.openWindow(url) : open.focus());
}
