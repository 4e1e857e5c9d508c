// The rollout: what was seen of four weeks, what a policy would cost, and a control that is put in observe and enforced again.
import { readFileSync } from 'node:fs';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { ANA, addReviewers, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  const agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { quick: true });
  await agent.hold('echo', { path: '/srv/a' });
  await agent.vanish();
  await eventually('the call to be counted', () => stack.prisma.overviewHour.findFirst({ where: { kind: 'held' } }));
});
test.afterAll(() => stack?.stop());

test('steps say what was seen and where, a control goes to observe and back, and the forecast follows', async ({
  browse,
}) => {
  const page = await browse(stack, ANA, { viewport: { width: 1440, height: 900 } });
  await page.goto(`${stack.consoleUrl}/rollout`);
  const main = page.getByRole('main');
  await expect(main.getByText('Week 1 of 4')).toBeVisible();
  const gate = main.getByRole('listitem').filter({ hasText: 'Calls of high tier wait for a person' });
  await expect(gate.getByRole('heading')).toContainText('(proven)');
  await expect(gate.getByRole('link', { name: /1 call held in 30 days/ })).toHaveAttribute('href', '/audit?tier=high');

  const forecast = main.locator('section', {
    has: page.locator('> header > h2:text-is("Forecast: requests an hour")'),
  });
  await expect(forecast.getByRole('row', { name: /As things are now/ })).toContainText('1');
  await expect(forecast).toContainText('these averages are a guess');
  const hours = forecast.getByRole('slider', { name: 'Hour of the day' });
  await hours.focus();
  await page.keyboard.press('Home');
  await expect(forecast.locator('figcaption')).toContainText('00:00 to 01:00:');
  const file = page.waitForEvent('download');
  await forecast.getByRole('button', { name: 'CSV' }).click();
  expect(
    readFileSync(await (await file).path(), 'utf8')
      .trim()
      .split('\r\n'),
  ).toHaveLength(25);

  const control = main
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'Default-deny for high risk' }) });
  await expect(control).toContainText('Enforced');
  await control.getByRole('button', { name: /^Observe/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why').fill('week 2 of the rollout');
  await dialog.getByRole('button', { name: 'Ask for it' }).click();
  await expect(control).toContainText('Waits for a second person');
  const { id } = await stack.prisma.observeWindow.findFirstOrThrow();
  const dora = await addPerson(stack, 'dora', ['security']);
  expect((await confirmWindow(stack, dora, id)).ok).toBe(true);
  await expect(control).toContainText('Observing');
  await expect(control).toContainText('confirmed by dora');
  await expect(gate.getByRole('heading')).toContainText('(proven in part)');
  await expect(forecast.getByRole('row', { name: /As things are now/ })).toContainText(/^As things are now0/);
  expect(await faultsOf(page)).toEqual([]);
  await control.getByRole('button', { name: 'Enforce now…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Enforce' }).click();
  await expect(control).toContainText('Enforced');
  await expect(control.getByText('confirmed by dora')).toHaveCount(0);
});
