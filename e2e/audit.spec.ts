import type { Page } from '@playwright/test';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { type Agent, connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { sayOn } from '#tests/fixtures/reviewers.ts';
import { ANA, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
let agent: Agent;
let callId = '';

test.beforeAll(async () => {
  stack = await startStack();
  agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { first: 1 });
  const call = await agent.hold('echo', { path: '/srv/app', mode: 1 });
  callId = call.callId;
  const { digest } = await stack.prisma.approvalRequest.findUniqueOrThrow({ where: { id: call.requestId } });
  await sayOn(stack, stack.admin, { id: call.requestId, digest }, 'approve');
  await call.answer;
  await kill(stack, stack.admin, { scope: 'high-risk', reason: 'a drill' });
  await agent.call('echo', { path: '/srv/app/secret', mode: 1 });
  for (let n = 0; n < 12; n++) await agent.call('steps', { n });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

const rows = (page: Page) => page.locator('[data-seq]');
const at = (path: string) => `${stack.consoleUrl}/audit${path}`;

test('a session is seen as lanes, every row is proven here, and one jumps to the turns of the kill switch', async ({
  browse,
}, info) => {
  const page = await browse(stack, ANA, { viewport: { width: 1440, height: 900 } });
  await page.goto(at(`?call=${callId}`));
  await expect(rows(page)).toHaveCount(7);
  await expect(page.getByText('proven here')).toHaveCount(7);
  await rows(page).first().getByRole('button').click();
  const stages = page.getByRole('list', { name: 'Stages of the call' });
  await expect(stages.getByRole('listitem')).toHaveText([
    /Call\s*asked/,
    /Gate\s*held/,
    /People\s*approved/,
    /Used\s*sent/,
    /Result\s*succeeded/,
  ]);
  await stages.getByRole('button', { name: /^People: approved, after .* 2 entries/ }).press('Enter');
  await expect(page.getByRole('heading', { name: /^Entry/ })).toBeVisible();
  await page.screenshot({ path: info.outputPath('lane.png') });

  await page.getByRole('link', { name: /^release-bot\// }).click();
  const lanes = page.getByRole('region', { name: 'Calls of this session' });
  await expect(lanes.getByRole('list', { name: 'Stages of the call' })).toHaveCount(15);
  await expect(lanes.getByText('killed').first()).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('session.png') });

  await page.goto(at('?agent=release-bot'));
  await page.goto(at(''));
  await page.getByRole('button', { name: 'Earlier turn of the kill switch' }).click();
  await expect(page.getByText(/^Entry \d+: Ana stopped high-risk$/)).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Entry/ })).toBeVisible();
  await page.screenshot({ path: info.outputPath('kill.png') });
  await page.getByRole('button', { name: 'Earlier turn of the kill switch' }).click();
  await expect(page.getByText('No earlier turn of the kill switch.')).toBeVisible();
});
