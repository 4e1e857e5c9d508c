// Pushes in this browser: whether it can have them, and turning them on and off. A person's gesture goes before, always.
import { err, ok, type Result } from '#lib/core/result.ts';
import { browserWords } from './browser-words.ts';

/** Why there is nothing to turn on here; or whether it is on. */
export type PushState =
  | { readonly kind: 'unsupported' }
  /** iPhones and iPads push to apps on the home screen alone. */
  | { readonly kind: 'needs-home-screen' }
  | { readonly kind: 'insecure' }
  | { readonly kind: 'no-worker' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly id: string };
export type PushRefusal = 'denied' | 'not-now' | 'failed';

/** The id that the server gave this browser's subscription: a subscription here that is not there is as good as none. */
const REMEMBERED = 'cs-push-subscription';

declare global {
  interface Navigator {
    /** On Apple's devices: whether the page runs from the home screen. */
    readonly standalone?: boolean;
  }
}

/** How it stands in this browser. */
export async function readPushState(): Promise<PushState> {
  if (!window.isSecureContext) return { kind: 'insecure' };
  const can = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
  if (!can) return { kind: navigator.standalone === false ? 'needs-home-screen' : 'unsupported' };
  if (Notification.permission === 'denied') return { kind: 'denied' };
  const registration = await navigator.serviceWorker.getRegistration('/');
  if (registration === undefined) return { kind: 'no-worker' };
  const subscription = await registration.pushManager.getSubscription().catch(() => null);
  const id = window.localStorage.getItem(REMEMBERED);
  return subscription !== null && id !== null ? { kind: 'on', id } : { kind: 'off' };
}

/** Asks the person and the browser's push service. Call it from a click: browsers refuse anything else. */
export async function subscribe(publicKey: string): Promise<Result<PushSubscriptionJSON, PushRefusal>> {
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') return err(permission === 'denied' ? 'denied' : 'not-now');
  try {
    const { pushManager } = await navigator.serviceWorker.ready;
    // One made for another key of the server cannot be used by this one, and stands in its way.
    await (await pushManager.getSubscription())?.unsubscribe();
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
    return ok(made.toJSON());
  } catch {
    return err('failed');
  }
}

/** Keeps which of the server's subscriptions is this browser's. */
export function rememberSubscription(id: string): void {
  window.localStorage.setItem(REMEMBERED, id);
}

/** Ends this browser's subscription; what the server still sends is refused by the push service. */
export async function unsubscribe(): Promise<void> {
  window.localStorage.removeItem(REMEMBERED);
  const registration = await navigator.serviceWorker.getRegistration('/');
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** `Chrome on Linux`: how its owner tells this browser from others; they may change it. */
export function deviceName(): string {
  return browserWords(navigator.userAgent) ?? 'Browser';
}
