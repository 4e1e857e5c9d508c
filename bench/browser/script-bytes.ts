// How much script a page costs, as Chromium received it: compressed bodies, with nothing cached. Headers are not script: on
// a connection of one's own they add about half a kilobyte a file.
import type { Browser } from '@playwright/test';
import { freshContext, type Session } from './open-browser.ts';

export type ScriptBytes = {
  /** What the page names itself: without it nothing can be used. */
  readonly initialKb: number;
  /** All that came until the page was quiet, with what it fetches afterwards by itself. */
  readonly totalKb: number;
};

export async function scriptBytes(browser: Browser, session: Session | null, url: string): Promise<ScriptBytes> {
  const context = await freshContext(browser, session);
  try {
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send('Network.enable');
    const scripts = new Map<string, { readonly path: string; readonly headerBytes: number }>();
    const bytes = new Map<string, number>();
    devTools.on('Network.responseReceived', ({ requestId, type, response }) => {
      if (type !== 'Script') return;
      scripts.set(requestId, { path: new URL(response.url).pathname, headerBytes: response.encodedDataLength });
    });
    devTools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const script = scripts.get(requestId);
      if (script !== undefined) bytes.set(script.path, encodedDataLength - script.headerBytes);
    });
    const answer = await page.goto(url, { waitUntil: 'load' });
    const html = (await answer?.text()) ?? '';
    const named = new Set(
      [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="([^"?]+\.js)/g)].map(([, path]) => path),
    );
    await page.waitForLoadState('networkidle');
    const kb = (of: (path: string) => boolean) =>
      [...bytes].filter(([path]) => of(path)).reduce((sum, [, size]) => sum + size, 0) / 1024;
    return { initialKb: kb((path) => named.has(path)), totalKb: kb(() => true) };
  } finally {
    await context.close();
  }
}
