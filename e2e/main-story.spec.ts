import { readFileSync, writeFileSync } from 'node:fs';
import { type Agent, argumentsIn, connectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { verifyExportFile } from '#tests/fixtures/verify-export.ts';
import { decideByKeyboard, inboxRow, press } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

/** What the timeline says of the call, each in one entry. */
const STORY: readonly RegExp[] = [
  /release-bot asks for files \/ echo \(high\) and waits for a human/,
  /ben voted approve on files \/ echo of release-bot/,
  /ben approved files \/ echo of release-bot/,
  /The approval of files \/ echo of release-bot was used/,
  /release-bot runs files \/ echo \(high\)/,
  /files \/ echo of release-bot ended: succeeded after/,
  /The approved files \/ echo of release-bot ended: succeeded/,
];

let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

test('a dangerous call appears live, is approved by keyboard, runs once with the shown bytes, and the log tells it', async ({
  browse,
}, info) => {
  const ben = await browse(stack, BEN);
  await ben.goto(`${stack.consoleUrl}/approvals`);
  await expect(ben.getByText('Nothing waits for you')).toBeVisible();
  await expect(ben.getByText('Live', { exact: true })).toBeVisible();
  await ben.evaluate(() => Object.assign(window, { notReloaded: true }));

  const call = await agent.hold('echo', {
    path: '/srv/app/deploy.yaml',
    mode: 0o755,
    content: 'replicas: 3\nünïcode 😀',
  });
  const row = inboxRow(ben, call.requestId);
  await expect(row).toContainText('files');
  await expect(row).toContainText('echo');
  await expect(row).toContainText('release-bot');
  expect(stack.upstream.calls, 'nothing runs before the approval').toHaveLength(0);

  await press(ben, 'j', () => expect(row).toBeFocused({ timeout: 250 }));
  await press(ben, 'Enter', () => expect(ben).toHaveURL(new RegExp(call.requestId), { timeout: 250 }));
  await expect(ben.getByRole('heading', { level: 1, name: /files\s*·\s*echo/ })).toBeVisible();
  const request = ben.getByRole('article');
  await expect(request.getByText('"/srv/app/deploy.yaml"')).toBeVisible();
  await request
    .getByRole('radio', { name: 'Raw' })
    .or(request.getByRole('button', { name: 'Raw' }))
    .click();
  const canonical = '{"content":"replicas: 3\\nünïcode 😀","mode":493,"path":"/srv/app/deploy.yaml"}';
  await expect(request.getByText(canonical)).toBeVisible();

  await decideByKeyboard(ben, 'approve', 'the release window is open');
  await expect(ben.getByText('Approved, and the call ran: the server reported success.').first()).toBeVisible();
  expect(await ben.evaluate(() => 'notReloaded' in window), 'the page was never reloaded').toBe(true);

  expect(textOf(await call.answer)).toBe(canonical);
  expect(stack.upstream.calls).toHaveLength(1);
  expect(argumentsIn(stack.upstream.calls[0]?.body ?? '')).toBe(canonical);

  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/audit?call=${call.callId}`);
  const entries = ana.getByRole('listitem');
  await expect(entries).toHaveCount(7);
  for (const words of STORY) await expect(entries.filter({ hasText: words })).toHaveCount(1);

  const downloading = ana.waitForEvent('download');
  await ana.getByRole('link', { name: 'Export' }).click();
  const file = info.outputPath('audit.ndjson');
  await (await downloading).saveAs(file);
  expect(readFileSync(file, 'utf8')).toContain(call.requestId);
  const sound = verifyExportFile(stack, file);
  expect(sound.text).toContain('VERIFIED');
  expect(sound.code).toBe(0);
  const forged = info.outputPath('forged.ndjson');
  writeFileSync(forged, readFileSync(file, 'utf8').replace('request.approved', 'request.approvee'));
  const red = verifyExportFile(stack, forged);
  expect(red.text).toContain('FAILED');
  expect(red.code).toBe(1);
});
