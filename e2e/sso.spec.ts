// Sign-in at a certified provider in a real browser: set up, groups, sessions, a command line, passwords off.
import type { Locator, Page } from '@playwright/test';
import type { Role } from '#lib/core/identity/principals.ts';
import { startCliLogin } from '#lib/server/auth/cli-login.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { openRestore } from '#lib/server/kill-switch/restore.ts';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { type IdentityProvider, startIdentityProvider } from '#tests/fakes/identity-provider.ts';
import { OPERATOR, PASSWORD } from '#tests/fixtures/people.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

const GUS = 'gus@example.com';
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** The browser goes to the provider because the person asked for it. */
const TO_PROVIDER = /^a request to http:\/\/127\.0\.0\.1:\d+\//;
let stack: Stack;
let idp: IdentityProvider;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  idp = await startIdentityProvider(`${stack.consoleUrl}/api/v1/sign-in/sso/callback`);
});
test.afterAll(async () => {
  await idp?.close();
  await stack?.stop();
});

async function expectFit(page: Page): Promise<void> {
  expect(await faultsOf(page)).toEqual([]);
}

/** Presses a button of a page that has just loaded, until something came of it. */
async function press(page: Page, name: string | RegExp, effect: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.getByRole('button', { name }).click({ timeout: 1_000 });
    await effect();
  }).toPass();
}

/** Opens a dialog. Once it is there the page behind it takes no click any more, however late it is seen. */
async function openDialog(page: Page, button: Locator, title: string): Promise<Locator> {
  const dialog = page.getByRole('dialog', { name: title });
  await expect(async () => {
    if (!(await dialog.isVisible())) await button.click({ timeout: 1_000 });
    await expect(dialog).toBeVisible({ timeout: 3_000 });
  }).toPass();
  return dialog;
}

const editOf = (page: Page, email: string) =>
  page.getByRole('row').filter({ hasText: email }).getByRole('button', { name: 'Edit' });

test('an admin sets the provider up, and it is looked at before it is kept', async ({ browse, watch }) => {
  watch.expect(/status of 503/);
  const page = await browse(stack, ANA);
  await page.goto(`${stack.consoleUrl}/settings/sign-in`);
  const dialog = await openDialog(page, page.getByRole('button', { name: 'Set up…' }), 'Sign-in provider');
  await dialog.getByLabel('Issuer').fill('http://127.0.0.1:9');
  await dialog.getByLabel('Client id').fill(idp.clientId);
  await dialog.getByLabel('Client secret').fill(idp.clientSecret);
  await dialog.getByLabel('Name on the button').fill('Example ID');
  await dialog.getByLabel('Scopes').fill('openid email profile groups');
  await dialog.getByLabel('Why').fill('one place for accounts');
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Test and save' }).click();
  await expect(dialog.getByText('The sign-in provider does not answer as it should').first()).toBeVisible();
  await dialog.getByLabel('Issuer').fill(idp.issuer);
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Test and save' }).click();
  await expect(dialog).toBeHidden();
  const card = page.getByRole('region', { name: 'Sign-in provider' });
  await expect(card.getByText(idp.issuer)).toBeVisible();
  await expect(card.getByText('kept, and never shown')).toBeVisible();
  expect(await page.content()).not.toContain(idp.clientSecret);
});

test('groups at the provider are given roles', async ({ browse }) => {
  const page = await browse(stack, ANA);
  await page.goto(`${stack.consoleUrl}/settings/sign-in`);
  const dialog = await openDialog(page, page.getByRole('button', { name: 'Edit…' }), 'Groups at the provider');
  await dialog.getByRole('button', { name: 'Add a group' }).click();
  await dialog.getByLabel('Group 1 at the provider').fill('sec-team');
  await dialog.getByRole('checkbox', { name: 'security' }).click();
  await dialog.getByLabel('and the groups here').fill('platform-team');
  await dialog.getByLabel('Why').fill('the team looks after it');
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('row', { name: /sec-team security platform-team/ })).toBeVisible();
});

test('somebody signs in through the provider, lands where they wanted to, and has what their group gives', async ({
  browse,
  watch,
}) => {
  watch.expect(TO_PROVIDER);
  idp.seat({ sub: 'u-ben', email: BEN, email_verified: true, name: 'Ben', groups: ['sec-team'] });
  const page = await browse(stack, null);
  await page.goto(`${stack.consoleUrl}/people`);
  await press(page, 'Sign in with Example ID', () =>
    expect(page).toHaveURL(`${stack.consoleUrl}/people`, { timeout: 8_000 }),
  );
  await expect(page.getByRole('button', { name: /account of ben/i })).toBeVisible();
  const row = page.getByRole('row', { name: /ben@example\.com/ });
  await expect(row.getByText('Reviewer, Security')).toBeVisible();
  await expect(row.getByText('SSO')).toBeVisible();
});

test('whoever has no account is told so, and nothing else', async ({ browse, watch }) => {
  watch.expect(TO_PROVIDER);
  idp.seat({ sub: 'u-eve', email: 'eve@example.com', email_verified: true });
  const page = await browse(stack, null);
  await page.goto(`${stack.consoleUrl}/sign-in`);
  await press(page, 'Sign in with Example ID', () =>
    expect(page.getByText('You have no account here').first()).toBeVisible({ timeout: 8_000 }),
  );
  await expectFit(page);
});

test('a command line is confirmed only after its code was compared', async ({ browse }) => {
  const started = await startCliLogin(
    { ...stack, consoleUrl: stack.consoleUrl },
    { client: 'countersign on build-7', address: '192.0.2.7' },
  );
  if (!started.ok) throw new Error(started.error.code);
  const page = await browse(stack, BEN);
  await page.goto(started.value.url);
  await expect(page.getByLabel('Code')).toHaveValue(started.value.code);
  await press(page, 'Continue', () =>
    expect(page.getByText('Only if you started it yourself, a moment ago')).toBeVisible({ timeout: 1_000 }),
  );
  await expect(page.getByText('countersign on build-7')).toBeVisible();
  await expectFit(page);
  await page.getByLabel('Your password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign it in as me' }).click();
  await expect(page.getByText('The command line is signed in')).toBeVisible();
});

test('an admin sees where somebody is signed in and ends it; the open page learns of it at once', async ({
  browse,
  watch,
}) => {
  watch.expect(/status of 401/);
  const theirs = await browse(stack, 'cleo@example.com');
  await theirs.goto(`${stack.consoleUrl}/settings`);
  await expect(theirs.getByRole('list', { name: 'Your sessions' }).getByText('this one')).toBeVisible();
  const page = await browse(stack, ANA);
  await page.goto(`${stack.consoleUrl}/people`);
  const dialog = await openDialog(page, editOf(page, 'cleo@example.com'), 'cleo');
  const list = dialog.getByRole('list', { name: 'Sessions of cleo@example.com' });
  await expect(async () => {
    if (await list.isVisible()) await list.getByRole('button', { name: 'End' }).first().click({ timeout: 1_000 });
    await expect(dialog.getByText('Signed in nowhere.')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(theirs).toHaveURL(/sign-in/);
});

test('passwords are switched off, and the sign-in page offers none', async ({ browse, watch }) => {
  watch.expect(TO_PROVIDER);
  idp.seat({ sub: 'u-ana', email: ANA, email_verified: true });
  const page = await browse(stack, null);
  await page.goto(`${stack.consoleUrl}/settings/sign-in`);
  await press(page, 'Sign in with Example ID', () =>
    expect(page).toHaveURL(`${stack.consoleUrl}/settings/sign-in`, { timeout: 8_000 }),
  );
  const dialog = await openDialog(page, page.getByRole('button', { name: 'Switch off…' }), 'Switch passwords off?');
  await dialog.getByLabel('Why').fill('everybody has Example ID');
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Switch off' }).click();
  await expect(dialog).toBeHidden();
  const stranger = await browse(stack, null);
  await stranger.goto(`${stack.consoleUrl}/sign-in`);
  await expect(stranger.getByRole('button', { name: 'Sign in with Example ID' })).toBeVisible();
  await expect(stranger.getByLabel('Password')).toHaveCount(0);
  await expectFit(stranger);
});

test('whoever is invited while passwords are off joins through the provider', async ({ browse, watch }) => {
  watch.expect(TO_PROVIDER);
  const invitation = { email: GUS, roles: ['security'], groups: [] } as const;
  const invited = await invitePerson(stack, OPERATOR, invitation);
  if (!invited.ok) throw new Error(invited.error.code);
  idp.seat({ sub: 'u-gus', email: GUS, email_verified: true, name: 'Gus' });
  const page = await browse(stack, null);
  await page.goto(invited.value.link);
  await expect(page.getByText(`You are invited as ${GUS}.`)).toBeVisible();
  await expect(page.getByLabel('Password')).toHaveCount(0);
  await expectFit(page);
  await press(page, 'Join with Example ID', () =>
    expect(page.getByRole('button', { name: /account of gus/i })).toBeVisible({ timeout: 8_000 }),
  );
  await stack.prisma.signInSettings.update({ where: { id: 1 }, data: { passwords: 'on' } });
});

test('somebody without a password who is alone restores what they stopped, once the provider has asked again', async ({
  browse,
  watch,
}) => {
  watch.expect(TO_PROVIDER);
  const roles: Role[] = ['admin'];
  await stack.prisma.person.updateMany({ where: { email: { in: [BEN, 'cleo@example.com'] } }, data: { roles } });
  const gus = await stack.prisma.person.findUniqueOrThrow({ where: { email: GUS } });
  const actor = { ...stack.admin, id: gus.id, name: gus.name, email: GUS, roles: ['security'] } as const;
  const stopped = await kill(stack, actor, { scope: 'server:files', reason: 'it misbehaved' });
  const opened = await openRestore(stack, actor, { scope: 'server:files', reason: 'it is mended' });
  if (!stopped.ok || !opened.ok) throw new Error('It was not stopped.');
  // The minute that a person alone has to wait.
  await stack.prisma.$executeRaw`UPDATE kill_restores SET opened_at = opened_at - interval '5 minutes'`;
  idp.seat({ sub: 'u-gus', email: GUS, email_verified: true, name: 'Gus' });
  const page = await browse(stack, null);
  await page.goto(`${stack.consoleUrl}/kill-switch`);
  await press(page, 'Sign in with Example ID', () =>
    expect(page).toHaveURL(`${stack.consoleUrl}/kill-switch`, { timeout: 8_000 }),
  );
  await expect(page.getByLabel('Your password')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Confirm and restore' })).toBeDisabled();
  await press(page, 'Prove that it is you', () =>
    expect(page.getByText('You proved a moment ago that it is you.')).toBeVisible({ timeout: 8_000 }),
  );
  await page.getByRole('button', { name: 'Confirm and restore' }).click();
  await expect(page.getByText('Waiting to be restored')).toHaveCount(0);
});

for (const [name, viewport] of [
  ['desk', DESK],
  ['phone', PHONE],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`settings, people and their dialogs are without fault for axe on a ${name} in ${colorScheme}`, async ({
      browse,
    }) => {
      const page = await browse(stack, ANA, { viewport, colorScheme });
      const shot = (what: string) =>
        page.screenshot({ path: test.info().outputPath(`${what}-${name}-${colorScheme}.png`), fullPage: true });
      await page.goto(`${stack.consoleUrl}/settings/sign-in`);
      await expectFit(page);
      await shot('settings');
      for (const [button, title] of [
        ['Change…', 'Sign-in provider'],
        ['Edit…', 'Groups at the provider'],
      ] as const) {
        const part = page.getByRole('region', { name: title });
        const dialog = await openDialog(page, part.getByRole('button', { name: button }), title);
        await expectFit(page);
        await shot(title.replaceAll(' ', '-'));
        await page.keyboard.press('Escape');
        await expect(dialog).toBeHidden();
      }
      await page.goto(`${stack.consoleUrl}/people`);
      await expectFit(page);
      await shot('people');
      const dialog = await openDialog(page, editOf(page, BEN), 'ben');
      await expect(dialog.getByRole('list', { name: `Sessions of ${BEN}` })).toBeVisible();
      await expectFit(page);
      await shot('person');
    });
  }
}
