import type { Page } from '@playwright/test';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { type Agent, connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { sayOn } from '#tests/fixtures/reviewers.ts';
import { ANA, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { verifyExportFile } from '#tests/fixtures/verify-export.ts';
import { faultsOf } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
let agent: Agent;
let callId = '';
let otherId = '';

test.beforeAll(async () => {
  stack = await startStack();
  agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { first: 1 });
  const call = await agent.hold('echo', { path: '/srv/app', mode: 1 });
  callId = call.callId;
  const { digest } = await stack.prisma.approvalRequest.findUniqueOrThrow({ where: { id: call.requestId } });
  await sayOn(stack, stack.admin, { id: call.requestId, digest }, 'approve');
  await call.answer;
  const other = await agent.hold('echo', { path: '/srv/app/../../etc', mode: 1, force: true });
  otherId = other.callId;
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
  await expect(lanes.getByRole('list', { name: 'Stages of the call' })).toHaveCount(16);
  await expect(lanes.getByText('killed').first()).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('session.png') });

  await page.goto(at(''));
  await page.getByRole('button', { name: 'Earlier turn of the kill switch' }).click();
  await expect(page.getByText(/^Entry \d+: Ana stopped high-risk$/)).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Entry/ })).toBeVisible();
  await page.screenshot({ path: info.outputPath('kill.png') });
  await page.getByRole('button', { name: 'Earlier turn of the kill switch' }).click();
  await expect(page.getByText('No earlier turn of the kill switch.')).toBeVisible();

  // A server that keeps the proof to itself: no row is left unmarked, and it is said aloud.
  await page.route(/proof\/inclusion\?/, (route) => route.fulfill({ json: { size: '1', hashes: [], proofs: [] } }));
  await page.goto(at('?type=kill.'));
  await expect(page.getByRole('alert').filter({ hasText: '1 entry does not verify: ' })).toBeVisible();
  await expect(rows(page).getByText('does not verify')).toBeVisible();
  await page.screenshot({ path: info.outputPath('broken.png') });
});

test('two calls are compared, a hunt is kept, and the evidence of one call verifies offline', async ({
  browse,
}, info) => {
  const page = await browse(stack, ANA, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  await page.goto(at(`?call=${callId}`));
  await rows(page).last().getByRole('button').click();

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Take the evidence of this call' }).click();
  const file = info.outputPath('evidence.tar.gz');
  await (await downloading).saveAs(file);
  await expect(page.getByText('Taken. The log says so.')).toBeVisible();
  const sound = verifyExportFile(stack, file);
  expect(sound.text).toContain('VERIFIED IN PART: all 7 entries are as they were signed');
  expect(sound.code).toBe(0);

  await page.getByRole('button', { name: 'Compare with…' }).click();
  await expect(page.getByText('Now open the other call')).toBeVisible();
  await page.getByRole('button', { name: 'Remove the filter call' }).click();
  await rows(page).filter({ hasText: 'voided' }).getByRole('button').click();
  await expect(page).toHaveURL(new RegExp(`entry=\\d+&compare=${callId}`));
  const args = page.getByRole('region', { name: 'Arguments', exact: true });
  await expect(args).toBeInViewport();
  await expect(args.getByText('2 fields differ')).toBeVisible();
  await expect(args.locator('[data-arg="$.force"]')).toContainText('new field');
  await expect(
    page.getByRole('region', { name: 'What the log says' }).locator('[data-arg="$.stages.People"]'),
  ).toContainText('switched off');
  expect(await faultsOf(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('diff.png') });

  await page.goto(at('?type=kill.on,kill.off&host=evil.example'));
  await page.getByRole('button', { name: 'Hunts' }).click();
  const dialog = page.getByRole('dialog', { name: 'Hunts' });
  await dialog.getByRole('textbox', { name: 'Name of the new hunt' }).fill('<i>night</i>');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('type: kill.on,kill.off, host: evil.example')).toBeVisible();
  await page.screenshot({ path: info.outputPath('hunts.png') });
  await dialog.getByRole('button', { name: /^Kill switch/ }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Hunts' }).click();
  await dialog.getByRole('button', { name: 'Forget this hunt' }).click();
  await expect(dialog.getByText('None saved yet.')).toBeVisible();
  await dialog.press('Escape');

  await page.setViewportSize({ width: 390, height: 844 });
  for (const [name, path] of [
    ['phone', `?call=${callId}`],
    ['phone-diff', `?entry=23&compare=${otherId}`],
  ] as const) {
    await page.goto(at(path));
    await expect(rows(page).first()).toBeVisible();
    await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
  }
  expect(await faultsOf(page)).toEqual([]);
});
