// The review screen in each state it can be in, beside those that other specs lead it through.
import type { Page, Route } from '@playwright/test';
import { approvalDetailSchema } from '#lib/contracts/approvals.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { type Call, connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsNow, settle } from './fixtures/faults.ts';
import { openRequest } from './fixtures/review.ts';
import {
  AWAY,
  failPart,
  goStale,
  holdAnswers,
  listenByPolling,
  MOST_SHIFT,
  picture,
  shiftOf,
  watchShift,
  wear,
} from './fixtures/states.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
let call: Call;

test.beforeAll(async () => {
  stack = await startStack();
  const agent = await connectAgent(stack, { name: 'release-bot' });
  call = await agent.hold('echo', { path: '/srv/app/deploy.yaml', command: 'make deploy', dry: false });
  await agent.vanish();
});
test.afterAll(() => stack?.stop());

const address = (id: string) => `${stack.consoleUrl}/approvals/${id}`;
const approveOf = (page: Page) => page.getByRole('button', { name: /^Approve…/ });

/** What is wrong with the page as it is now; every look wears another theme and width. */
async function look(page: Page, name: string): Promise<readonly string[]> {
  await picture(page, `review-${name}`);
  return (await faultsNow(page)).map((fault) => `${name}: ${fault}`);
}

/** Answers with the request as it is, changed. */
function changed(change: object) {
  return async (route: Route) => {
    const answer = await route.fetch();
    const record = approvalDetailSchema.parse(await answer.json());
    await route.fulfill({ response: answer, json: { ...record, version: record.version + 1, ...change } });
  };
}

/** Two dozen votes with every mark there is. */
function manyVotes(now: number) {
  return Array.from({ length: 24 }, (_, i) => ({
    personId: `0197a1b2-0000-7000-8000-0000000000${i.toString(16).padStart(2, '0')}`,
    personName: i === 3 ? 'Maximiliane Freifrau von und zu Obergoldhausen-Weinstetten' : `Reviewer ${i + 1}`,
    decision: 'approve',
    reason: i % 4 === 0 ? 'Compared with the release plan; the path and the flags are the ones in it.' : null,
    castAt: new Date(now - i * 60_000).toISOString(),
    forPersonName: i % 5 === 1 ? 'Ana' : null,
    withdrawnAt: i % 6 === 5 ? new Date(now).toISOString() : null,
    stepUp: i % 3 === 0,
    counts: i % 6 < 4,
    breakGlass: i === 7,
  }));
}

test('alone: one reviewer decides calls of their own agents, and every page says so', async ({ browse }) => {
  const page = await browse(stack, ANA);
  await wear(page, 1);
  await openRequest(page, stack, call.requestId);
  await expect(page.getByText('Solo install.')).toBeVisible();
  await expect(approveOf(page)).not.toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByText('an agent of yours')).toBeVisible();
  await settle(page);
  expect(await look(page, 'solo')).toEqual([]);
});

test('a request is loading, refused, gone, half explained, voted on by many, run out, stale, somebody’s own, and killed', async ({
  browse,
  watch,
}) => {
  test.setTimeout(180_000);
  watch.expect(/status of (404|503)|ERR_INTERNET_DISCONNECTED|WebSocket connection|fetching the script/);
  await addReviewers(stack);
  const detail = `/approvals/${call.requestId}`;
  const page = await browse(stack, BEN);
  await watchShift(page);
  await listenByPolling(page);
  await page.clock.install();
  const found: string[] = [];

  await wear(page, 0);
  const release = await holdAnswers(page);
  await page.goto(address(call.requestId));
  await expect(page.getByText('Loading the request')).toBeAttached();
  found.push(...(await look(page, 'loading')));
  await release();
  await expect(page.getByRole('article')).toBeVisible();
  await settle(page);
  await expect(approveOf(page)).toBeVisible();
  const shift = await shiftOf(page);
  if (shift > MOST_SHIFT) found.push(`loading: jumps by ${shift.toFixed(3)}`);
  found.push(...(await look(page, 'filled')));

  await goStale(page);
  await expect(approveOf(page)).toHaveAccessibleDescription(/stale/);
  await wear(page, 1);
  found.push(...(await look(page, 'stale')));
  await page.context().setOffline(false);

  const mend = await failPart(page, detail);
  await page.goto(address(call.requestId));
  await expect(page.getByRole('alert').filter({ hasText: AWAY.title })).toContainText(AWAY.next);
  await wear(page, 2);
  await expect(page.getByRole('region', { name: 'Requests' }).getByText('release-bot').first()).toBeVisible();
  found.push(...(await look(page, 'failed')));
  await mend();

  const explain = await failPart(page, `${detail}/context`);
  await wear(page, 3);
  await page.goto(address(call.requestId));
  await expect(page.getByText('not to be had').first()).toBeVisible();
  await expect(page.getByRole('article').getByText('/srv/app/deploy.yaml').first()).toBeVisible();
  found.push(...(await look(page, 'unexplained')));
  await explain();

  await wear(page, 0);
  await page.goto(address('01a2070e-3ed3-7040-90f5-e2fb7c65ede4'));
  await expect(page.getByText('There is no such request')).toBeVisible();
  found.push(...(await look(page, 'gone')));

  const isDetail = (url: URL) => url.pathname === `/api/v1${detail}`;
  for (const [turn, [name, change, says]] of Object.entries([
    ['votes', { quorum: { needed: 20, approved: 16 }, votes: manyVotes(Date.now()) }, '16 of 20 needed'],
    ['votes-desk', { quorum: { needed: 20, approved: 16 }, votes: manyVotes(Date.now()) }, 'Reviewer 24'],
    ['out-of-time', { expiresAt: new Date(Date.now() - 1000).toISOString() }, 'Time is up'],
    ['expired', { status: 'expired', decidedAt: new Date().toISOString() }, 'Nobody decided in time'],
  ] as const)) {
    await wear(page, Number(turn) + 1);
    await page.route(isDetail, changed(change));
    await openRequest(page, stack, call.requestId);
    await expect(page.getByText(says).first(), name).toBeAttached();
    await settle(page);
    found.push(...(await look(page, name)));
    await page.unroute(isDetail);
  }

  const ana = await browse(stack, ANA);
  await wear(ana, 2);
  await openRequest(ana, stack, call.requestId);
  await expect(approveOf(ana)).toHaveAttribute('aria-disabled', 'true');
  await expect(approveOf(ana)).toHaveAccessibleDescription(/You own this agent/);
  found.push(...(await look(ana, 'own')));

  const killed = await kill(stack, stack.admin, { scope: 'high-risk', reason: 'a strange deploy' });
  expect(killed.ok).toBe(true);
  await expect(ana.getByText('Voided by the kill switch. The call did not run.').first()).toBeVisible();
  await expect(ana.getByRole('alert').filter({ hasText: /stopped by Ana/ })).toBeVisible();
  await wear(ana, 3);
  found.push(...(await look(ana, 'killed')));
  expect(found).toEqual([]);
});
