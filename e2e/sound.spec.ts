// U13: a sound is off until it is turned on, another one for high tier, and no siren.
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { type Agent, connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { expect, test } from './fixtures/test.ts';

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

/** Writes down the notes that the page gives to the loudspeaker. */
const LISTEN = `
  window.heard = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    window.heard.push(Math.round(this.frequency.value));
    return start.apply(this, when);
  };
`;
const heard = async (page: Page) => z.array(z.number()).parse(await page.evaluate('window.heard'));

test('a request sounds where somebody turned it on, high tier by a sound of its own, and a flood is no siren (U13)', async ({
  browse,
}) => {
  const ben = await browse(stack, BEN);
  await ben.addInitScript(LISTEN);
  await ben.goto(`${stack.consoleUrl}/settings/notifications`);
  const waiting = (count: number) =>
    expect(ben.getByRole('link', { name: `Approvals ${count} waiting` }).first()).toBeVisible();
  const box = ben.getByRole('checkbox', { name: /^Make a sound/ });
  await expect(box).not.toBeChecked();
  await agent.hold('echo', { n: 1 });
  await waiting(1);
  expect(await heard(ben), 'off until it is turned on').toEqual([]);

  await box.check();
  await ben.getByRole('button', { name: 'Hear other tiers' }).click();
  await expect.poll(() => heard(ben)).toEqual([523]);
  await agent.hold('echo', { n: 2 });
  await expect.poll(() => heard(ben)).toEqual([523, 1047, 784]);
  await agent.hold('slow', { n: 3 });
  await waiting(3);
  expect(await heard(ben), 'within ten seconds of the last').toEqual([523, 1047, 784]);
});
