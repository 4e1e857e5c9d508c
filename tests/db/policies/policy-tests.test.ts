// U18: tests of the policy. They are kept with the installation, and a draft that breaks one is not published unseen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MOST_POLICY_TESTS, MOST_TEST_ARGS, policyTestSchema } from '#lib/contracts/policy-tests.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { PolicyTest } from '#lib/core/policies/policy-test.ts';
import { applyConfig } from '#lib/server/apply/apply-config.ts';
import { approvePolicy } from '#lib/server/policies/approve-policy.ts';
import { checkPolicy } from '#lib/server/policies/check-policy.ts';
import { readInForce } from '#lib/server/policies/policy-rows.ts';
import { readPolicyTests } from '#lib/server/policies/policy-test-rows.ts';
import { addPolicyTest, changePolicyTest, removePolicyTest } from '#lib/server/policies/policy-tests.ts';
import { publishPolicy } from '#lib/server/policies/publish-policy.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL } from '#tests/fixtures/people.ts';
import { addShop, draft, OPERATOR, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  await addShop(at);
  await addPerson(at, 'ben', ['reviewer']);
  cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
});
after(() => at.close());

const codeOf = (answer: { ok: boolean; error?: { code: string } }) =>
  answer.ok ? 'done' : (answer.error?.code ?? '?');
const refunds: PolicyTest = {
  name: 'refunds-need-two',
  call: { agent: 'bot', server: 'shop', tool: 'refund', args: { note: 'sécret\u0000' } },
  expect: { decision: 'hold', quorum: 2 },
};
const two = rule('two', 'hold', { when: { tools: ['refund'] }, quorum: 2 });
const outcomesOf = async (rules: Parameters<typeof draft>[2]) => {
  const { version } = await readInForce(at.prisma);
  const checked = await checkPolicy(at.prisma, { baseVersion: version, rules: [...rules] });
  assert.ok(checked.ok);
  return checked.value.tests;
};
const eventsOf = async (type: string) =>
  (await recordedEvents(at.prisma)).filter((event) => event.type === type).map((event) => event.text);

test('only an admin writes tests, and a test comes back as it was written', async () => {
  for (const who of [cleo, withRoles(at.admin, ['security']), withRoles(at.admin, [])]) {
    assert.equal(codeOf(await addPolicyTest(at, who, refunds)), 'not-allowed');
    assert.equal(codeOf(await changePolicyTest(at, who, refunds.name, refunds)), 'not-allowed');
    assert.equal(codeOf(await removePolicyTest(at, who, refunds.name)), 'not-allowed');
  }
  assert.deepEqual(await readPolicyTests(at.prisma), []);
  assert.equal(codeOf(await addPolicyTest(at, at.admin, refunds)), 'done');
  assert.deepEqual(await readPolicyTests(at.prisma), [refunds]);
  assert.equal(codeOf(await addPolicyTest(at, at.admin, refunds)), 'name-taken');
});

test('a test can be renamed, but not over another, and the log has names alone', async () => {
  const other = { ...refunds, name: 'other' };
  assert.equal(codeOf(await addPolicyTest(at, at.admin, other)), 'done');
  assert.equal(codeOf(await changePolicyTest(at, at.admin, 'other', refunds)), 'name-taken');
  assert.equal(codeOf(await changePolicyTest(at, at.admin, 'other', { ...other, name: 'third' })), 'done');
  assert.equal(codeOf(await changePolicyTest(at, at.admin, 'other', other)), 'not-found');
  assert.equal(codeOf(await removePolicyTest(at, at.admin, 'other')), 'not-found');
  assert.equal(codeOf(await removePolicyTest(at, at.admin, 'third')), 'done');
  const saved = await eventsOf('policy.test-saved');
  assert.equal(saved.length, 3);
  assert.equal((await eventsOf('policy.test-removed')).length, 1);
  assert.equal(JSON.stringify(await recordedEvents(at.prisma)).includes('sécret'), false);
});

test('what does not fit a test is refused by its shape', () => {
  const fits = (change: object) => policyTestSchema.safeParse({ ...refunds, ...change }).success;
  assert.equal(fits({}), true);
  assert.equal(fits({ name: 'Two Words' }), false);
  assert.equal(fits({ expect: { decision: 'deny', quorum: 2 } }), false);
  assert.equal(fits({ expect: { decision: 'hold', quorum: 0 } }), false);
  const text = (length: number) => ({ call: { ...refunds.call, args: { t: 'x'.repeat(length - '{"t":""}'.length) } } });
  assert.deepEqual([fits(text(MOST_TEST_ARGS)), fits(text(MOST_TEST_ARGS + 1))], [true, false]);
});

test('check says of each test what came, by the rules on the screen', async () => {
  const [without] = await outcomesOf([]);
  assert.deepEqual(
    [without?.passed, without?.decision, without?.quorum, without?.rule],
    [false, 'hold', 1, 'default-high'],
  );
  const [withTwo] = await outcomesOf([two]);
  assert.deepEqual([withTwo?.passed, withTwo?.quorum, withTwo?.rules], [true, 2, ['two']]);
});

test('a draft that breaks a test is refused, also from the file, until somebody says so and is named for it', async () => {
  const made = await draft(at, at.admin, [rule('one', 'hold', { when: { tools: ['deploy'] } })]);
  assert.deepEqual(made.failingTests, ['refunds-need-two']);
  const refused = await publishPolicy(at, at.admin, made.version, { contentHash: made.contentHash });
  assert.equal(codeOf(refused), 'policy-tests-fail');
  assert.match(refused.ok ? '' : (refused.error.detail ?? ''), /refunds-need-two/);
  assert.equal((await readInForce(at.prisma)).version, 0);
  const text = JSON.stringify({ version: 1, policies: [rule('one', 'deny', { when: { tools: ['deploy'] } })] });
  const applied = await applyConfig(text, { ...at, actor: OPERATOR, dryRun: false, consoleUrl: CONSOLE_URL });
  assert.match(applied.ok ? '' : JSON.stringify(applied.error), /refunds-need-two/);
  assert.equal((await readInForce(at.prisma)).version, 0);

  const despite = { contentHash: made.contentHash, despiteTests: true } as const;
  const done = await publishPolicy(at, at.admin, made.version, despite);
  assert.ok(done.ok, JSON.stringify(done));
  assert.deepEqual(done.value.failingTests, [], 'of what is published nothing waits any more');
  const [event] = await eventsOf('policy.published');
  assert.match(event ?? '', /"despiteTests":"refunds-need-two"/);
});

test('a draft that passes is published without a word of tests', async () => {
  const passing = await draft(at, at.admin, [rule('one', 'hold', { when: { tools: ['deploy'] } }), two]);
  const done = await publishPolicy(at, at.admin, passing.version, { contentHash: passing.contentHash });
  assert.ok(done.ok && done.value.status === 'published', JSON.stringify(done));
  const published = await eventsOf('policy.published');
  assert.doesNotMatch(published.at(-1) ?? '', /despiteTests/);
});

test('a loosening that breaks a test is proposed and approved with its name in the log', async () => {
  const made = await draft(at, at.admin, [rule('one', 'hold', { when: { tools: ['deploy'] } })]);
  const proposed = await publishPolicy(at, at.admin, made.version, {
    contentHash: made.contentHash,
    despiteTests: true,
  });
  assert.ok(proposed.ok && proposed.value.status === 'proposed', JSON.stringify(proposed));
  assert.deepEqual(proposed.value.failingTests, ['refunds-need-two'], 'the second person sees it');
  assert.match((await eventsOf('policy.proposed')).at(-1) ?? '', /refunds-need-two/);
  const approved = await approvePolicy(at, cleo, made.version, { contentHash: made.contentHash });
  assert.ok(approved.ok, JSON.stringify(approved));
  assert.match((await eventsOf('policy.published')).at(-1) ?? '', /"despiteTests":"refunds-need-two"/);
});

test('there are at most two hundred', async () => {
  const spec = JSON.stringify({ call: refunds.call, expect: refunds.expect });
  const have = (await readPolicyTests(at.prisma)).length;
  await at.prisma.policyTest.createMany({
    data: Array.from({ length: MOST_POLICY_TESTS - have - 1 }, (_, one) => ({ name: `t-${one}`, spec })),
  });
  assert.equal(codeOf(await addPolicyTest(at, at.admin, { ...refunds, name: 'last' })), 'done');
  assert.equal(codeOf(await addPolicyTest(at, at.admin, { ...refunds, name: 'too-many' })), 'invalid-request');
});
