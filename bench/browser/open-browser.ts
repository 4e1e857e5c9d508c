// A Chromium for measuring, and pages of it in which the bench's person is signed in.
import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import { visit } from '#tests/fixtures/console.ts';
import { findChromium } from '../../scripts/find-chromium.ts';
import { PASSWORD } from '../fixtures/installation.ts';

export type Session = readonly { readonly name: string; readonly value: string; readonly url: string }[];

export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: (await findChromium()) ?? '',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...args],
  });
}

/** The cookies of a person who has just signed in. */
export async function signIn(consoleUrl: string, email: string): Promise<Session> {
  const port = Number(new URL(consoleUrl).port);
  const visitor = visit({ url: consoleUrl, port, stop: () => Promise.resolve(0) });
  const answer = await visitor.signIn(email, PASSWORD);
  if (answer.status !== 200) throw new Error(`sign-in was refused: ${answer.status}`);
  return visitor
    .cookies()
    .split('; ')
    .map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: consoleUrl };
    });
}

/** A context with nothing cached. */
export async function freshContext(browser: Browser, session: Session | null): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  if (session !== null) await context.addCookies([...session]);
  return context;
}
