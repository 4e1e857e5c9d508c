// The little of a service worker's world that ours uses. TypeScript's own types for it cannot stand beside those of a page.

type Waits = { waitUntil(work: Promise<unknown>): void };
type Shown = { readonly data: unknown; readonly tag: string; close(): void };
type OpenWindow = { readonly url: string; focus(): Promise<unknown> };

export type FetchEvent = Waits & {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
};
export type PushEvent = Waits & { readonly data: { text(): string } | null };
export type ClickEvent = Waits & { readonly notification: Shown };

export type WorkerScope = {
  readonly location: { readonly origin: string };
  readonly caches: CacheStorage;
  readonly navigator: { readonly setAppBadge?: (count: number) => Promise<void> };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly OpenWindow[]>;
    openWindow(url: string): Promise<unknown>;
  };
  readonly registration: {
    readonly navigationPreload?: { enable(): Promise<void> };
    showNotification(title: string, options: Readonly<Record<string, unknown>>): Promise<void>;
    getNotifications(): Promise<readonly Shown[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Waits) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'push', listener: (event: PushEvent) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: ClickEvent) => void): void;
};
