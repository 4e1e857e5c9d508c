// Lighthouse from npm in the local Chromium: the desktop profile, because that is where people review.
import lighthouse, { desktopConfig } from 'lighthouse';
import { z } from 'zod';
import { freePort } from '#lib/server/postgres/free-port.ts';
import { percentile } from '../fixtures/percentile.ts';
import { launchBrowser, type Session } from './open-browser.ts';

export type Scores = {
  /** The median of all. */
  readonly performance: number;
  readonly performances: readonly number[];
  readonly accessibility: number;
  readonly bestPractices: number;
  /** What was found wanting, for the one who mends it. */
  readonly wanting: readonly string[];
};

/** Scores of 0 to 100 for a page, judged several times. What must be right is right each time: of those the worst counts. */
export async function judgePage(session: Session | null, url: string, times: number): Promise<Scores> {
  const all: Judgement[] = [];
  for (let n = 0; n < times; n++) all.push(await judgeOnce(session, url));
  const performances = all.map(({ performance }) => performance);
  return {
    performance: percentile(performances, 0.5),
    performances,
    accessibility: Math.min(...all.map(({ accessibility }) => accessibility)),
    bestPractices: Math.min(...all.map(({ bestPractices }) => bestPractices)),
    wanting: all.at(-1)?.wanting ?? [],
  };
}

type Judgement = Omit<Scores, 'performances'>;

async function judgeOnce(session: Session | null, url: string): Promise<Judgement> {
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
      .map((audit) => [`${audit.id}: ${audit.displayValue ?? audit.title}`, ...snippetsOf(audit.details)].join('\n'));
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

const NODES = z.object({
  items: z.array(z.object({ node: z.object({ snippet: z.string(), explanation: z.string() }) })),
});

/** The elements an audit names, with what is wrong with each. */
function snippetsOf(details: unknown): string[] {
  const read = NODES.safeParse(details);
  return read.success ? read.data.items.map(({ node }) => `${node.snippet} ${node.explanation}`) : [];
}
