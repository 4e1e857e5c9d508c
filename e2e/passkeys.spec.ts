import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { recordOf } from '#tests/fixtures/gateway.ts';
import { applyHolds } from '#tests/fixtures/hold-rules.ts';
import { type Agent, connectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { OPERATOR, PASSWORD } from '#tests/fixtures/people.ts';
import { ANA, addReviewers, BEN, CLEO, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { decideByPointer, openRequest, openTray } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';
import { plugAuthenticator } from './fixtures/virtual-authenticator.ts';

const HAL = 'hal@example.com';
let stack: Stack;
let agent: Agent;
const WITH_PASSKEY = { name: 'with-passkey', tools: ['echo'], stepUp: 'passkey' };

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  await applyHolds(stack, [WITH_PASSKEY]);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.goto(`${stack.consoleUrl}/settings`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('list', { name: 'Your passkeys' }).getByText(name)).toBeVisible();
}

test('a passkey is added in Settings, signs in without the password, and confirms a vote', async ({
  browse,
  watch,
}) => {
  // The page that was left still asks for news until the next one is there.
  watch.expect(/status of 401/);
  const page = await browse(stack, CLEO);
  await plugAuthenticator(page);
  await addPasskey(page, 'Work laptop');

  await page.getByRole('button', { name: /account of cleo/i }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(async () => {
    // A page that has just loaded shows its button a moment before the button works.
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click({ timeout: 1_000 });
    await expect(page).not.toHaveURL(/sign-in/, { timeout: 3_000 });
  }).toPass();
  await expect(page.getByRole('button', { name: /account of cleo/i })).toBeVisible();

  const call = await agent.hold('echo', { deploy: 'web' });
  await openRequest(page, stack, call.requestId);
  await decideByPointer(page, 'approve');
  expect(textOf(await call.answer)).toBe('{"deploy":"web"}');
  const vote = await stack.prisma.vote.findFirstOrThrow({ where: { requestId: call.requestId } });
  expect(vote.stepUp).toBe(true);
  expect(JSON.stringify(vote.assertion)).toContain(stack.consoleUrl);
  // The sequencer brings an event into the log a moment after its commit.
  const entries = () =>
    page.request.get(`${stack.consoleUrl}/api/v1/audit?call=${call.callId}`).then((answer) => answer.text());
  await expect.poll(entries).toMatch(/reason_commit/);
});

test('who does not pass the fingerprint has decided nothing, and is told so', async ({ browse }) => {
  const page = await browse(stack, BEN);
  const authenticator = await plugAuthenticator(page);
  await addPasskey(page, 'Phone');
  const call = await agent.hold('echo', { deploy: 'db' });
  await openRequest(page, stack, call.requestId);
  await authenticator.verifies(false);
  await (await openTray(page, 'approve')).click();
  await expect(page.getByText('No passkey was used').first()).toBeVisible();
  expect(await stack.prisma.vote.count({ where: { requestId: call.requestId } })).toBe(0);
  const request = await stack.prisma.approvalRequest.findUniqueOrThrow({ where: { id: call.requestId } });
  expect(request.status).toBe('pending');

  await authenticator.verifies(true);
  await openRequest(page, stack, call.requestId);
  await decideByPointer(page, 'deny');
  expect(recordOf(await call.answer).code).toBe('denied-by-human');
});

test('a reviewer without a passkey is told where to add one', async ({ browse, watch }) => {
  watch.expect(/status of 409/);
  await stack.prisma.passkey.updateMany({ data: { revokedAt: new Date() } });
  const call = await agent.hold('echo', { deploy: 'api' });
  const page = await browse(stack, BEN);
  await plugAuthenticator(page);
  await openRequest(page, stack, call.requestId);
  await (await openTray(page, 'approve')).click();
  await expect(page.getByText('You have no passkey yet').first()).toBeVisible();
  await expect(page.getByText('Add one under Settings').first()).toBeVisible();
});

test('with nothing but passkeys somebody joins by invitation, and their passkey proves who they are', async ({
  browse,
  watch,
}) => {
  watch.expect(/status of 4\d\d/);
  const { prisma } = stack;
  const invited = await invitePerson(stack, OPERATOR, { email: HAL, roles: ['admin', 'reviewer'], groups: [] });
  if (!invited.ok) throw new Error(invited.error.code);
  await prisma.signInSettings.update({ where: { id: 1 }, data: { passwords: 'off' } });
  const page = await browse(stack, null);
  await plugAuthenticator(page);
  await page.goto(`${stack.consoleUrl}/sign-in`);
  await expect(page.getByText('Passwords are off here')).toBeVisible();
  await page.goto(invited.value.link);
  await page.getByLabel('Name').fill('Hal');
  await page.getByRole('button', { name: 'Join with a passkey' }).click();
  await expect(page.getByRole('button', { name: /account of hal/i })).toBeVisible();

  const [ana, ben] = await Promise.all(
    [ANA, BEN].map((email) => prisma.person.findUniqueOrThrow({ where: { email } })),
  );
  const endsAt = new Date(Date.now() + 3_600_000);
  if (ana === undefined || ben === undefined) throw new Error('nobody is there');
  await prisma.personTie.create({
    data: { id: randomUUID(), personId: ben.id, tiedTo: ana.id, why: 'roles', reviewedBefore: true, endsAt },
  });
  await page.goto(`${stack.consoleUrl}/people`);
  await expect(page.getByText(`Counts as one person with ${ANA}`)).toBeVisible();
  await page.getByRole('button', { name: `Confirm ${BEN}` }).click();
  const dialog = page.getByRole('dialog', { name: 'Is this somebody of their own?' });
  await dialog.getByRole('button', { name: 'Prove it with a passkey' }).click();
  await expect(dialog.getByText('You proved a moment ago that it is you.')).toBeVisible();
  await dialog.getByRole('button', { name: 'They are two people' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(`Counts as one person with ${ANA}`)).toBeHidden();

  const late = await browse(stack, null);
  await late.goto(invited.value.link);
  await expect(late.getByText('It was used already.')).toBeVisible();
  await prisma.signInSettings.update({ where: { id: 1 }, data: { passwords: 'on' } });
});

test('at 127.0.0.1 the pages say where passkeys work', async ({ browse }) => {
  const elsewhere = stack.consoleUrl.replace('localhost', '127.0.0.1');
  const page = await browse({ ...stack, consoleUrl: elsewhere }, null);
  await page.goto(`${elsewhere}/sign-in`);
  await expect(page.getByText(`Passkeys work at ${stack.consoleUrl} only`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeHidden();
});
