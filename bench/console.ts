// `npm run bench -- console`: what a reviewer feels with a thousand requests waiting. The production console, the real
// gateway through its decision API, and a real Chromium; all clocks are the machine's.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { callAnswerSchema } from '#lib/contracts/calls.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { ageDenials } from '#tests/fixtures/age-denials.ts';
import { applyHolds } from '#tests/fixtures/hold-rules.ts';
import {
  leaveList,
  NUMBERS,
  type Opened,
  openByClick,
  openInbox,
  pressKeys,
  read,
  showWhole,
  TIMES,
} from './browser/inbox-page.ts';
import { judgePage } from './browser/lighthouse.ts';
import { freshContext, launchBrowser, signIn } from './browser/open-browser.ts';
import { scriptBytes } from './browser/script-bytes.ts';
import { firstLine } from './children/spawn.ts';
import { must, openBenchInstallation } from './fixtures/installation.ts';
import { percentile, rounded } from './fixtures/percentile.ts';
import { until } from './fixtures/until.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({
  options: {
    pending: { type: 'string', default: '1000' },
    arrivals: { type: 'string', default: '60' },
    'flood-s': { type: 'string', default: '10' },
    only: { type: 'string', default: 'live,keys,large,flood,scripts,lighthouse' },
    'dry-run': { type: 'boolean', default: false },
  },
});
const PENDING = Number(values.pending);
const ONLY = new Set(values.only.split(','));
const FLOOD_PER_S = 50;
/** A whole request is to stay under 1 MiB. */
const LARGE = 1024 * 1024 - 4096;
const LARGE_CALLS = 12;
/** A single one depends on what else the machine did in those seconds. */
const JUDGEMENTS = 3;
const FRAME_MS = 1000 / 60;
const ROUTES = [
  '/sign-in',
  '/',
  '/approvals',
  '/approvals/ID',
  '/grants',
  '/servers',
  '/servers/bench',
  '/agents',
  '/agents/seed',
  '/policies',
  '/policies/edit',
  '/credentials',
  '/egress',
  '/exceptions',
  '/kill-switch',
  '/audit',
  '/people',
  '/settings',
];
const JUDGED = { sign_in: '/sign-in', inbox: '/approvals', detail: '/approvals/ID', audit: '/audit' } as const;
const at = await openBenchInstallation();
const browser = await launchBrowser();
const figures: Record<string, number> = {};
const raw: Record<string, unknown> = { chromium: browser.version() };
try {
  const upstreamUrl = await firstLine(at.start('bench/children/upstream.ts', ['3']));
  await at.addServer('bench', upstreamUrl, 'high');
  const tokens = { seed: await addCaller('seed'), live: await addCaller('live'), flood: await addCaller('flood') };
  const gateway = await at.startGateway();
  at.startWorker();
  const consoleUrl = await at.startConsole(gateway.url);
  // What comes while it is measured ends sooner than what waits, so it belongs at the head of the list.
  await applyHolds({ ...at, consoleUrl }, [
    { name: 'waits', tools: ['tool-0'], expires: '2h' },
    { name: 'comes', tools: ['tool-1'], expires: '30m' },
    { name: 'floods', tools: ['tool-2'], expires: '3h' },
  ]);
  await delay(1_500);
  const ask = (token: string, tool: string, n: number, args: object = {}) =>
    askFor(gateway.url, token, tool, { path: `/srv/app/config-${n}.yaml`, mode: 'overwrite', ...args });

  for (let n = 0; n < PENDING; n += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, more) => ask(tokens.seed, 'tool-0', n + more)));
  }
  const session = await signIn(consoleUrl, at.admin.email);
  const page = await (await freshContext(browser, session)).newPage();
  await openInbox(page, consoleUrl, PENDING);

  if (ONLY.has('live')) {
    const painted: number[] = [];
    const posted: number[] = [];
    for (let n = 0; n < Number(values.arrivals); n++) {
      await delay(150 + Math.random() * 200);
      const sentAt = performance.timeOrigin + performance.now();
      const id = await ask(tokens.live, 'tool-1', n);
      const paintedAt = await until('the line', async () => (await read(page, 'window.paintedAt', TIMES))[id] || null);
      const hintedAt = (await read(page, 'window.hintedAt', TIMES))[id] ?? Number.NaN;
      painted.push(paintedAt - hintedAt);
      posted.push(paintedAt - sentAt);
      await deny(id);
    }
    share('console.hint_to_painted_ms', painted);
    share('console.post_to_painted_ms', posted);
  }
  if (ONLY.has('keys')) {
    await page.evaluate('window.keysMs.length = 0');
    for (let n = 0; n < 120; n++) {
      await page.keyboard.press(n % 10 === 9 ? 'x' : n % 30 < 20 ? 'j' : 'k');
      await delay(30);
    }
    await page.keyboard.press('/');
    await page.keyboard.type('config-77', { delay: 60 });
    await delay(300);
    share('console.key_to_painted_ms', await read(page, 'window.keysMs', NUMBERS));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  }
  if (ONLY.has('large')) {
    const opened: Opened[] = [];
    const whole: number[] = [];
    for (let n = 0; n < LARGE_CALLS; n++) {
      await leaveList(page);
      const id = await ask(tokens.live, 'tool-1', 5_000 + n, { content: largeText(n) });
      opened.push(await openByClick(page, id));
      await page.getByText('Recomputed in this browser from what is shown: it matches.').waitFor();
      whole.push(await showWhole(page));
      await deny(id);
      await page.keyboard.press('Escape');
    }
    share(
      'console.arg_1mib_open_ms',
      opened.map(({ wholeMs }) => wholeMs),
    );
    share('console.arg_1mib_whole_ms', whole);
    raw['console.arg_1mib_open_ms.parts'] = opened.map((one) =>
      Object.fromEntries(Object.entries(one).map(([part, ms]) => [part, rounded(ms)])),
    );
  }
  if (ONLY.has('flood')) {
    await leaveList(page);
    await page.evaluate('window.longMs.length = 0; window.gapsMs.length = 0; window.keysMs.length = 0');
    const seconds = Number(values['flood-s']);
    const pressing = pressKeys(page, seconds);
    const startedAt = performance.now();
    let sent = 0;
    const answers: Promise<unknown>[] = [];
    while (performance.now() - startedAt < seconds * 1000) {
      while (sent < ((performance.now() - startedAt) / 1000) * FLOOD_PER_S) {
        answers.push(ask(tokens.flood, 'tool-2', sent));
        sent++;
      }
      await delay(10);
    }
    await Promise.all(answers);
    await pressing;
    const elapsedS = (performance.now() - startedAt) / 1000;
    const long = await read(page, 'window.longMs', NUMBERS);
    const gaps = await read(page, 'window.gapsMs', NUMBERS);
    const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME_MS) - 1), 0);
    figures['console.flood.arrivals_per_s'] = rounded(sent / elapsedS);
    figures['console.flood.long_tasks_per_s'] = rounded(long.length / elapsedS);
    figures['console.flood.longest_task_ms'] = long.length === 0 ? 0 : rounded(Math.max(...long));
    figures['console.flood.frame_gap_ms.p95'] = rounded(percentile(gaps, 0.95));
    figures['console.flood.dropped_frames_share'] = rounded(dropped / (elapsedS * 60));
    raw.flood = { long: long.map(rounded), frames: gaps.length };
    share('console.flood.key_to_painted_ms', await read(page, 'window.keysMs', NUMBERS));
  }
  const waiting = (await at.prisma.approvalRequest.findFirstOrThrow({ where: { status: 'pending' } })).id;
  await page.context().close();
  if (ONLY.has('scripts')) {
    for (const route of ROUTES) {
      const of = route === '/sign-in' ? null : session;
      const { initialKb, totalKb } = await scriptBytes(browser, of, `${consoleUrl}${route.replace('ID', waiting)}`);
      figures[`console.initial_js_kb.${route}`] = rounded(initialKb);
      figures[`console.total_js_kb.${route}`] = rounded(totalKb);
    }
  }
  if (ONLY.has('lighthouse')) {
    for (const [name, route] of Object.entries(JUDGED)) {
      const of = name === 'sign_in' ? null : session;
      const scores = await judgePage(of, `${consoleUrl}${route.replace('ID', waiting)}`, JUDGEMENTS);
      figures[`console.lighthouse.${name}.performance`] = scores.performance;
      figures[`console.lighthouse.${name}.accessibility`] = scores.accessibility;
      figures[`console.lighthouse.${name}.best_practices`] = scores.bestPractices;
      raw[`lighthouse ${name}`] = { performance: scores.performances, wanting: scores.wanting };
      process.stdout.write(`lighthouse ${name}: ${scores.performances.join(', ')}\n`);
    }
  }
  process.stdout.write(`${JSON.stringify({ figures, raw }, null, 2)}\n`);
  if (values['dry-run'] !== true) writeResults('console.', figures, raw);
} finally {
  await browser.close();
  await at.close();
}

function share(key: string, all: readonly number[]): void {
  figures[`${key}.p50`] = rounded(percentile(all, 0.5));
  figures[`${key}.p95`] = rounded(percentile(all, 0.95));
  raw[key] = all.map(rounded);
  process.stdout.write(`${key}: p50 ${figures[`${key}.p50`]}, p95 ${figures[`${key}.p95`]}\n`);
}

/** An agent of the decision API, allowed as many requests at once as there can be. */
async function addCaller(name: string): Promise<string> {
  await at.addAgent(name, 'bench', 1000);
  const issued = await issueToken(at, at.admin, name, { audience: '/api/v1/calls', ttlS: 86_400 });
  return must(issued).token;
}

/** Asks until it is held: a machine that is busy with the thousand before may answer "try again later". */
async function askFor(gatewayUrl: string, token: string, tool: string, args: object): Promise<string> {
  return until('a hold', async () => {
    const answer = await fetch(`${gatewayUrl}/api/v1/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ server: 'bench', tool, arguments: args }),
    });
    const text = await answer.text();
    if (answer.status === 503) return null;
    const read = callAnswerSchema.safeParse(JSON.parse(text));
    if (!read.success || read.data.requestId === undefined) throw new Error(`not held: ${text.slice(0, 300)}`);
    return read.data.requestId;
  });
}

/** As many characters as fit, no two requests alike. */
function largeText(n: number): string {
  const line = `line of the file number ${n}, with some words that wrap\n`;
  // A line break takes two bytes of JSON.
  return line.repeat(Math.floor(LARGE / (line.length + 1)));
}

async function deny(requestId: string): Promise<void> {
  const { digest } = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: requestId } });
  must(await castVote(at, at.admin, { requestId, decision: 'deny', digest }));
  // Three denials within ten minutes would quieten the agent.
  await ageDenials(at.prisma);
}
