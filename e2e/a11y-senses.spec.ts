// T45: what a screen reader finds, and what is left for who forces colours, zooms in far, or wants no motion.
import type { Page } from '@playwright/test';
import { type Agent, connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, CLEO, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOfColour } from './fixtures/reach.ts';
import { openRequest, openTray } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

const DESK = { width: 1280, height: 1024 };
/** What is left of that window at 400 %. */
const FAR = { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4, forcedColors: 'active' } as const;

let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.vanish();
  await stack?.stop();
});

/** What a screen reader finds on the pages where things are decided: parts, headings and names, in the order they are read. */
const REVIEW = `
  - article "files · echo":
    - paragraph:
      - text: /^High .* held by$/
      - link "default-high"
    - heading "files · echo" [level=1]
    - status: Only you look at this
    - button /I take care of it/
    - heading "Exactly what will run" [level=2]
    - button /Search/
    - radiogroup "View of the arguments":
      - radio "Fields" [checked]
      - radio "Raw"
    - region "What to know before reading":
      - paragraph: Read these first
      - list:
        - listitem: Hidden characters in 1 field are shown, not applied.
    - text: /RIGHT-TO-LEFT OVERRIDE/
    - heading "This session" [level=2]
    - complementary "Risk and votes":
      - heading "Why it waits" [level=2]
      - table "Asked and approved in 30 days"
      - heading "Votes" [level=2]
      - button "Propose a grant"
      - heading "Digest" [level=2]
      - button "Copy the digest"
    - region "Decision":
      - text: /left/
      - button /^Deny/
      - button /^Approve…/`;
const INBOX = `
  - region "Requests":
    - heading "Approvals" [level=1]
    - radiogroup "Which requests":
      - radio "Waiting" [checked]
      - radio "My agents"
      - radio "History"
    - textbox "Filter requests"
    - list /requests? waiting/:
      - listitem:
        - heading /Waiting for you/ [level=2]
      - listitem:
        - link /High tier. files · echo/
        - checkbox "Select files · echo by release-bot"`;
const KILL_SWITCH = `
  - main:
    - heading "Kill switch" [level=1]
    - heading "Stopped now" [level=2]
    - heading "Stop something" [level=2]
    - combobox "What"
    - button "Stop…"
    - heading "How far it reached" [level=2]`;
const EDITOR = `
  - main:
    - heading "Change the rules" [level=1]
    - heading "Rules" [level=2]
    - radiogroup "How the rules are shown":
      - radio "Form" [checked]
      - radio "As text"
    - button "Deny rule"
    - heading "This draft" [level=2]
    - textbox /What changes, in a few words/
    - button "Save draft"
    - button "Review and publish…"`;
const TIMELINE = `
  - main:
    - heading "Audit" [level=1]
    - link "Export"
    - search "Filters":
      - combobox "Kind of event"
      - combobox "Agent"
      - combobox "Server"
      - combobox "Tier"
      - combobox "Time"
    - region:
      - heading [level=2]
      - list:
        - listitem:
          - button /release-bot asks for files .* and waits for a human request opened/`;

test('every part of the pages where things are decided has its name (T45)', async ({ browse }) => {
  const call = await agent.hold('echo', { path: '/srv/c.yaml', list: [1], hidden: 'a\u202Eb' });
  const ben = await browse(stack, BEN, { viewport: DESK });
  await openRequest(ben, stack, call.requestId);
  await expect(ben.getByRole('article')).toMatchAriaSnapshot(REVIEW);
  await expect(ben.getByRole('region', { name: 'Requests' })).toMatchAriaSnapshot(INBOX);
  const ana = await browse(stack, ANA, { viewport: DESK });
  for (const [path, names] of [
    ['/kill-switch', KILL_SWITCH],
    ['/policies/edit', EDITOR],
    ['/audit', TIMELINE],
  ] as const) {
    await ana.goto(`${stack.consoleUrl}${path}`);
    await expect(ana.getByRole('main'), path).toMatchAriaSnapshot(names);
  }
});

test('at 400 % in forced colours everything is still done: deny, approve, kill, restore, tag, rule (T45)', async ({
  browse,
}) => {
  test.setTimeout(90_000);
  const first = await agent.hold('echo', { path: '/srv/zoomed.yaml', note: 'x'.repeat(600) });
  const second = await agent.hold('slow', { path: '/srv/again.yaml' });
  const ben = await browse(stack, BEN, FAR);
  for (const [call, decision] of [
    [first, 'deny'],
    [second, 'approve'],
  ] as const) {
    await openRequest(ben, stack, call.requestId);
    const commit = await openTray(ben, decision);
    await commit.scrollIntoViewIfNeeded();
    await expect(commit).toBeInViewport({ ratio: 1 });
    expect(await faultsOfColour(ben)).toEqual([]);
    await commit.click();
    await expect(ben.getByText(decision === 'deny' ? /^Denied\./ : /^Approved/).first()).toBeVisible();
  }
  const ana = await browse(stack, ANA, FAR);
  await ana.goto(stack.consoleUrl);
  await ana
    .getByRole('button', { name: /Stop high-risk tools|^Stop/ })
    .first()
    .click();
  const dialog = ana.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Stop now' }).click();
  await ana.goto(`${stack.consoleUrl}/kill-switch`);
  await ana.getByRole('button', { name: 'Restore…' }).click();
  await dialog.getByRole('textbox').fill('read well');
  await dialog.getByRole('button', { name: 'Open the restore' }).click();
  await expect(dialog).toBeHidden();
  expect(await faultsOfColour(ana)).toEqual([]);
  await ana.goto(`${stack.consoleUrl}/servers/${FILES}`);
  await ana.getByRole('button', { name: /^steps/ }).click();
  await ana.getByRole('button', { name: 'Change tier or class' }).click();
  await dialog.getByLabel(/Tier/).selectOption('medium');
  await dialog.getByLabel('Why').fill('it touches shared files');
  expect(await faultsOfColour(ana)).toEqual([]);
  await dialog.getByLabel('Why').press('Enter');
  await expect(dialog).toBeHidden();
  await ana.goto(`${stack.consoleUrl}/policies/edit`);
  await ana.getByRole('button', { name: 'Deny rule' }).click();
  await ana.getByRole('listitem', { name: 'new-deny', exact: true }).getByRole('combobox', { name: 'Tools' }).fill('x');
  await ana.keyboard.press('Enter');
  await ana.getByRole('button', { name: 'Review and publish…' }).click();
  await ana.getByRole('button', { name: 'Publish…', exact: true }).click();
  await dialog.getByRole('button', { name: 'Publish now' }).click();
  await expect(ana.getByText('In force', { exact: true })).toBeVisible();
  expect(await faultsOfColour(ana)).toEqual([]);

  const cleo = await browse(stack, CLEO, FAR);
  await cleo.goto(`${stack.consoleUrl}/kill-switch`);
  await cleo.getByRole('button', { name: 'Confirm and restore' }).click();
  await expect(cleo.getByText('Nothing is stopped.')).toBeVisible();
});

/** The longest that anything on the page moves, in milliseconds, by what its styles say: a movement is over too soon to be met. */
function longestMotion(page: Page): Promise<number> {
  return page.evaluate(() => {
    const msOf = (list: string) =>
      list.split(',').map((one) => Number.parseFloat(one) * (one.endsWith('ms') ? 1 : 1000));
    const styles = Array.from(document.querySelectorAll('*'), (one) => getComputedStyle(one));
    const animated = styles.filter(({ animationName }) => animationName !== 'none');
    return Math.max(
      0,
      ...animated.flatMap(({ animationDuration }) => msOf(animationDuration)),
      ...styles.flatMap(({ transitionDuration }) => msOf(transitionDuration)),
    );
  });
}

test('who asked for less motion sees none (T45)', async ({ browse }) => {
  for (const [reducedMotion, moves] of [
    ['reduce', false],
    ['no-preference', true],
  ] as const) {
    const ana = await browse(stack, ANA, { viewport: DESK, reducedMotion });
    await ana.goto(`${stack.consoleUrl}/agents`);
    await ana.getByRole('button', { name: /Create an agent/ }).click();
    await ana.getByRole('dialog').waitFor();
    expect((await longestMotion(ana)) > 1, reducedMotion).toBe(moves);
  }
});
