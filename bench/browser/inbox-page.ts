// What a reviewer does with a list of a thousand, and what the page itself noted about it.
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { until } from '../fixtures/until.ts';
import { WATCH } from './watch-page.ts';

export const NUMBERS = z.array(z.number());
export const TIMES = z.record(z.string(), z.number());
const OPENED = z.object({
  wholeMs: z.number(),
  askMs: z.number(),
  serverMs: z.number(),
  readMs: z.number(),
  paintMs: z.number(),
});
/** How long it took from the click to the frame that shows it, and what of that was whose. */
export type Opened = z.infer<typeof OPENED>;

/** Long enough for what a click opens; it is not part of what is measured. */
const CLICK_MS = 2_000;

/** The inbox as a signed-in reviewer has it open, every request listed and the live connection up. */
export async function openInbox(page: Page, consoleUrl: string, pending: number): Promise<void> {
  await page.addInitScript(WATCH);
  await page.goto(`${consoleUrl}/approvals`);
  await page.getByRole('list', { name: new RegExp(`^${pending.toLocaleString('en-US')} requests waiting`) }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await delay(2_000);
}

/**
 * From the click on a line to the frame that shows its arguments, and what of that was whose. A line that came or slid
 * within half a second takes no click, so whoever meant it clicks again: the click that opened it counts.
 */
export async function openByClick(page: Page, id: string): Promise<Opened> {
  await page.locator(`[data-row="${id}"]`).waitFor();
  return until('the arguments', async () => {
    await delay(700);
    await clickOn(page, id);
    await delay(CLICK_MS);
    return read(page, 'window.opened', OPENED.nullable());
  });
}

async function clickOn(page: Page, id: string): Promise<void> {
  await page.evaluate(`
    window.opened = null;
    performance.clearResourceTimings();
    document.addEventListener('click', (event) => {
      const clickedAt = event.timeStamp;
      const watch = new MutationObserver(() => {
        if (document.querySelector('article [data-args], article section') === null) return;
        if (!document.querySelector('article')?.textContent.includes('Exactly what will run')) return;
        watch.disconnect();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => {
            const paintedAt = performance.now();
            const asked = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/approvals/${id}'));
            const { fetchStart, responseStart, responseEnd } = asked.at(-1) ?? { fetchStart: 0, responseStart: 0, responseEnd: 0 };
            window.opened = {
              wholeMs: paintedAt - clickedAt,
              askMs: fetchStart - clickedAt,
              serverMs: responseStart - fetchStart,
              readMs: responseEnd - responseStart,
              paintMs: paintedAt - responseEnd,
            };
          };
          channel.port2.postMessage(0);
        });
      });
      watch.observe(document, { childList: true, subtree: true });
    }, { capture: true, once: true });
  `);
  await page.locator(`[data-row="${id}"]`).click();
}

/** From the click that unfolds the argument to the frame that shows it. */
export async function showWhole(page: Page): Promise<number> {
  await page.evaluate('window.clicksMs.length = 0');
  await page.getByRole('button', { name: /bytes hidden: show$/ }).click();
  return until('the whole argument', async () => (await read(page, 'window.clicksMs', NUMBERS))[0] ?? null);
}

/** Whoever points at the list, or has focus in it, holds it still: nothing new is sorted in then. */
export async function leaveList(page: Page): Promise<void> {
  await page.mouse.move(900, 300);
  await page.evaluate('document.activeElement?.blur()');
}

/** Nothing for the first half, so that what comes is sorted in; then moves through the list. */
export async function pressKeys(page: Page, seconds: number): Promise<void> {
  const startedAt = performance.now();
  await delay(seconds * 500);
  for (let n = 0; performance.now() - startedAt < seconds * 1000; n++) {
    await page.keyboard.press(n % 3 === 2 ? 'k' : 'j');
    await delay(100);
  }
}

/** What the page noted (watch-page.ts). */
export async function read<T>(page: Page, expression: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(await page.evaluate(expression));
}
