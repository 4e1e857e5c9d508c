// Lighthouse from npm in the local Chromium: the desktop profile, because that is where people review.
import lighthouse, { desktopConfig } from 'lighthouse';
import { freePort } from '#lib/server/postgres/free-port.ts';
import { launchBrowser, type Session } from './open-browser.ts';

export type Scores = {
  readonly performance: number;
  readonly accessibility: number;
  readonly bestPractices: number;
  /** What was found wanting, for the one who mends it. */
  readonly wanting: readonly string[];
};

/** Scores of 0 to 100 for a page. */
export async function judgePage(session: Session | null, url: string): Promise<Scores> {
  const port = await freePort();
  const browser = await launchBrowser([`--remote-debugging-port=${port}`]);
  try {
    const cookie = (session ?? []).map(({ name, value }) => `${name}=${value}`).join('; ');
    const run = await lighthouse(
      url,
      {
        port,
        logLevel: 'error',
        onlyCategories: ['performance', 'accessibility', 'best-practices'],
        ...(cookie === '' ? {} : { extraHeaders: { cookie } }),
      },
      desktopConfig,
    );
    if (run === undefined) throw new Error(`Lighthouse gave no result for ${url}`);
    const { categories, audits } = run.lhr;
    const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100);
    const wanting = Object.values(audits)
      .filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== 'informative')
      .map((audit) => `${audit.id}: ${audit.displayValue ?? audit.title}`);
    return {
      performance: score('performance'),
      accessibility: score('accessibility'),
      bestPractices: score('best-practices'),
      wanting,
    };
  } finally {
    await browser.close();
  }
}
