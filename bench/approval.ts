// `npm run bench -- approval`: from an agent's POST to the row on a reviewer's screen, and from the reviewer's click to the
// upstream. The production console, the real gateway, and a real Chromium; all clocks are the machine's.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { ageDenials } from '#tests/fixtures/age-denials.ts';
import { visit } from '#tests/fixtures/console.ts';
import { findChromium } from '../scripts/find-chromium.ts';
import { firstLine } from './children/spawn.ts';
import { must, openBenchInstallation, PASSWORD } from './fixtures/installation.ts';
import { toolCall } from './fixtures/peers.ts';
import { percentile, rounded } from './fixtures/percentile.ts';
import { until } from './fixtures/until.ts';
import { hasRun, openSender, openSession } from './load.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '60' }, 'dry-run': { type: 'boolean', default: false } },
});
const CALLS = Number(values.calls);
/** Buttons that have just appeared do not take a click for half a second. */
const ARMED_MS = 650;
const NUMBERS = z.record(z.string(), z.number());

/**
 * In the page: when each request's row was painted, and when the last click or key happened. A row counts as painted when
 * a task runs after the frame that contains it, which is never earlier than the paint.
 */
const WATCH = `
  window.paintedAt = {};
  window.clickedAt = 0;
  const now = () => performance.timeOrigin + performance.now();
  new MutationObserver(() => {
    for (const { dataset } of document.querySelectorAll('[data-row]')) {
      if (dataset.row in window.paintedAt) continue;
      window.paintedAt[dataset.row] = 0;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { window.paintedAt[dataset.row] = now(); };
        channel.port2.postMessage(0);
      });
    }
  }).observe(document, { childList: true, subtree: true });
  document.addEventListener('click', (event) => {
    window.clickedAt = performance.timeOrigin + event.timeStamp;
  }, true);
`;

const at = await openBenchInstallation();
const browser = await chromium.launch({
  executablePath: (await findChromium()) ?? '',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const upstreamUrl = await firstLine(at.start('bench/children/upstream.ts'));
  await at.addServer('high', upstreamUrl, 'high');
  const token = await at.addAgent('bench', 'high');
  await at.setRules(100);
  // The undo window is a setting: what is measured is what the machine adds to it.
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 0 } });
  const gateway = await at.startGateway();
  at.startWorker();
  const consoleUrl = await at.startConsole(gateway.url);
  const page = await openPage(consoleUrl);
  const url = `${gateway.url}/mcp/high`;
  const headers = await openSession(url, { authorization: `Bearer ${token}` });
  const body = (n: number) => toolCall(n, JSON.stringify({ path: `/srv/app/config-${n}.yaml`, mode: 'overwrite' }));
  const agent = openSender({ url, headers, body }, 4);

  const posted: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    // Off the beat of the screen's frames and of everybody's timers.
    await delay(100 + Math.random() * 100);
    const sentAt = performance.timeOrigin + performance.now();
    const answer = agent.send(n);
    const id = await openRequest();
    const paintedAt = await until('a painted row', async () => (await numbers(page, 'window.paintedAt'))[id] || null);
    posted.push(paintedAt - sentAt);
    await deny(id);
    await answer;
  }

  const clicked: number[] = [];
  for (let n = CALLS; n < CALLS + Math.ceil(CALLS / 2); n++) {
    const answer = agent.send(n);
    const id = await openRequest();
    await page.goto(`${consoleUrl}/approvals/${id}`);
    await page.getByRole('button', { name: /^Approve…/ }).waitFor();
    await delay(ARMED_MS);
    await page.getByRole('button', { name: /^Approve…/ }).click();
    const commit = page.getByRole('form', { name: 'Confirm approval' }).getByRole('button', { name: /^Approve/ });
    await commit.waitFor();
    await delay(ARMED_MS);
    await commit.click();
    const ended = await answer;
    if (!hasRun(ended)) throw new Error(`the approved call did not run: ${ended.text.slice(0, 300)}`);
    const seen = NUMBERS.parse(await (await fetch(new URL('/seen', upstreamUrl))).json());
    const { clickedAt = 0 } = await numbers(page, '({ clickedAt: window.clickedAt })');
    clicked.push((seen['tool-0'] ?? 0) - clickedAt);
  }
  await agent.close();

  const shares = (all: readonly number[]) => ({
    p50: rounded(percentile(all, 0.5)),
    p95: rounded(percentile(all, 0.95)),
  });
  const [painted, upstream] = [shares(posted), shares(clicked)];
  const figures = {
    'approval.post_to_painted_ms.p50': painted.p50,
    'approval.post_to_painted_ms.p95': painted.p95,
    'approval.click_to_upstream_ms.p50': upstream.p50,
    'approval.click_to_upstream_ms.p95': upstream.p95,
  };
  const raw = {
    chromium: browser.version(),
    post_to_painted_ms: posted.map(rounded),
    click_to_upstream_ms: clicked.map(rounded),
  };
  process.stdout.write(`${JSON.stringify({ figures, raw }, null, 2)}\n`);
  if (values['dry-run'] !== true) writeResults('approval.', figures, raw);
} finally {
  await browser.close();
  await at.close();
}

/** The inbox as a signed-in reviewer has it open, with the live connection up. */
async function openPage(consoleUrl: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const port = Number(new URL(consoleUrl).port);
  const visitor = visit({ url: consoleUrl, port, stop: () => Promise.resolve(0) });
  const signedIn = await visitor.signIn(at.admin.email, PASSWORD);
  if (signedIn.status !== 200) throw new Error(`sign-in was refused: ${signedIn.status}`);
  await context.addCookies(
    visitor
      .cookies()
      .split('; ')
      .map((pair) => {
        const at = pair.indexOf('=');
        return { name: pair.slice(0, at), value: pair.slice(at + 1), url: consoleUrl };
      }),
  );
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  await page.goto(`${consoleUrl}/approvals`);
  await page.getByText('Nothing waits for you').waitFor();
  await delay(2_000);
  return page;
}

async function numbers(page: Page, expression: string): Promise<Record<string, number>> {
  return NUMBERS.parse(await page.evaluate(expression));
}

/** The id of the one request that waits. Asked rarely: the questions must not compete with what is measured. */
function openRequest(): Promise<string> {
  return until('a request', async () => {
    await delay(150);
    return (await at.prisma.approvalRequest.findFirst({ where: { status: 'pending' } }))?.id ?? null;
  });
}

async function deny(requestId: string): Promise<void> {
  const { digest } = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: requestId } });
  must(await castVote(at, at.admin, { requestId, decision: 'deny', digest }));
  // Three denials within ten minutes would quieten the agent.
  await ageDenials(at.prisma);
}
