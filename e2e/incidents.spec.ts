// What somebody must look at: it opens by itself, one person takes it, its steps act, a reason ends it.
import { withTx } from '#lib/server/db/tx.ts';
import { openIncident } from '#lib/server/incidents/open-incident.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf } from './fixtures/faults.ts';
import { picture } from './fixtures/states.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
test.beforeAll(async () => {
  stack = await startStack();
  const agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { quick: true });
  await agent.vanish();
});
test.afterAll(() => stack?.stop());

/** As the red-team run and the log open them. */
function opened(title: string, count: number) {
  return withTx(stack.prisma, (tx) =>
    openIncident(tx, {
      kind: 'tool-drifted',
      key: title,
      severity: 'medium',
      title,
      detail: 'A definition changed after somebody accepted it. The tool is quarantined: nothing calls it.',
      subject: { server: FILES, tool: 'echo<img src=x>\u202E', agent: 'release-bot' },
      drill: false,
      times: count,
    }),
  );
}

test('an incident is opened by the log, shown live, taken, worked through and resolved', async ({ browse }) => {
  test.setTimeout(60_000);
  const page = await browse(stack, ANA);
  const main = page.getByRole('main');
  await page.goto(`${stack.consoleUrl}/incidents`);
  await expect(main.getByText('Nothing is open')).toBeVisible();
  await opened('Tools of files are not what was accepted', 3);
  await kill(stack, stack.admin, { scope: 'class:money', reason: 'An invoice looked wrong' });
  const stopped = main.getByRole('row').filter({ hasText: 'Kill switch used' });
  await expect(stopped).toContainText('Nobody has it');
  await expect(main.getByRole('tab', { name: /^Open/ })).toContainText('2');
  await picture(page, 'open');

  await main.getByRole('link', { name: 'Tools of files are not what was accepted' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Tools of files');
  const resolve = page.getByRole('button', { name: 'Resolve…' });
  await expect(resolve).toHaveAccessibleDescription('Take it first.');
  await page.getByRole('button', { name: 'Take it' }).click();
  await expect(main.getByRole('status').filter({ hasText: 'You have it' })).toHaveCount(1);
  await page.getByRole('button', { name: 'Mark as done: Read the difference' }).click();
  await expect(main.getByText('Done by Ana')).toBeVisible();

  // What acts asks first, acts, and is then done by itself.
  await page.getByRole('button', { name: 'Stop this server…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop now' }).click();
  await expect(main.getByText('2 of 5 done')).toBeVisible();
  const scopes = await stack.prisma.killState.findMany({ where: { scope: `server:${FILES}` } });
  expect(scopes.map(({ on }) => on)).toEqual([true]);

  await page.getByLabel('Note').fill('The vendor says: not us.');
  await page.getByRole('button', { name: 'Add the note' }).click();
  await expect(main.getByRole('listitem').filter({ hasText: 'The vendor says: not us.' })).toBeVisible();
  await picture(page, 'worked-on');
  expect(await faultsOf(page)).toEqual([]);

  await resolve.click();
  await page.getByLabel('What it was, and what was done').fill('Hostile text; the server is off');
  await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
  await expect(main.getByText('Resolved by Ana')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop this server…' })).toHaveCount(0);

  // It comes back: open again, and the steps anew.
  await opened('Tools of files are not what was accepted', 1);
  await expect(main.getByText('It came back within a day of being resolved')).toBeVisible();
  await expect(main.getByText('0 of 5 done')).toBeVisible();
});

test('a drill is begun from the page, is marked as one, acts on nothing and keeps its times', async ({ browse }) => {
  const page = await browse(stack, ANA);
  const main = page.getByRole('main');
  await page.goto(`${stack.consoleUrl}/incidents?folder=drills`);
  await page.getByRole('button', { name: 'Run a drill' }).first().click();
  await page.getByLabel('What to practise').selectOption({ label: 'Agent token at the console' });
  await page.getByRole('button', { name: 'Begin the drill' }).click();
  await expect(main.getByText('A drill: nothing here acts.')).toBeVisible();
  await expect(main.getByRole('button', { name: /^(Stop|End|Quarantine)/ })).toHaveCount(0);
  await picture(page, 'drill');
  await page.getByRole('button', { name: 'Take it' }).click();
  await page.getByRole('button', { name: 'Resolve…' }).click();
  await page.getByLabel('What it was, and what was done').fill('We know the way');
  await page.getByRole('button', { name: 'End the drill' }).click();
  await expect(main.getByText(/^after /)).toHaveCount(2);
  await page.goto(`${stack.consoleUrl}/incidents?folder=drills`);
  await expect(main.getByRole('row').filter({ hasText: 'We know the way' })).toContainText('Drill');
});
