// T42: what an admin may do wrong in an edit, in the console and in the file.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { rulesSchema } from '#lib/contracts/policies.ts';
import { compileRules } from '#lib/core/policies/compile.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { applyConfig } from '#lib/server/apply/apply-config.ts';
import { exportConfig } from '#lib/server/apply/export-config.ts';
import { createPrisma } from '#lib/server/db/prisma.ts';
import { loadKeys } from '#lib/server/keys/load-keys.ts';
import { approvePolicy } from '#lib/server/policies/approve-policy.ts';
import { checkPolicy } from '#lib/server/policies/check-policy.ts';
import { listPolicies } from '#lib/server/policies/list-policies.ts';
import { readInForce } from '#lib/server/policies/policy-rows.ts';
import { publishPolicy } from '#lib/server/policies/publish-policy.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL } from '#tests/fixtures/people.ts';
import { addShop, applied, draft, OPERATOR, publish, rule } from '#tests/fixtures/policies.ts';
import { createTestDatabase } from '#tests/postgres/harness.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
  await addShop(at);
});
after(() => at.close());

const statuses = async () => (await listPolicies(at.prisma, { limit: 100 })).items.map((one) => one.status);
const namesInForce = async () => (await readInForce(at.prisma)).rules.map((one) => one.name);
async function faultsOf(text: string) {
  const done = await applyConfig(text, { ...at, actor: OPERATOR, dryRun: false, consoleUrl: CONSOLE_URL });
  return done.ok ? [] : done.error.faults.map((fault) => `${fault.line} ${fault.path}`);
}

test('a typo is an error that keeps the draft from being published, and says where', async () => {
  const made = await draft(at, at.admin, [rule('typo', 'deny', { if: 'args.amount >> 3' })]);
  assert.deepEqual(
    made.findings.filter((one) => one.level === 'error').map((one) => [one.rule, one.field, one.code]),
    [['typo', 'if', 'bad-condition']],
  );
  assert.equal(made.mayPublish.allowed, false);
  const refused = await publishPolicy(at, at.admin, made.version, made);
  assert.equal(refused.ok ? '' : refused.error.code, 'invalid-request');
  assert.deepEqual(await namesInForce(), []);
  const unknown = rulesSchema.safeParse([{ ...rule('typo', 'deny'), when: { tool: ['refund'] } }]);
  assert.equal(unknown.success, false, 'a condition that is misspelt is not a condition that is absent');
});

test('an empty set is refused; one that got in all the same denies and never allows', async () => {
  const empty = { tools: [] };
  assert.equal(rulesSchema.safeParse([rule('nothing', 'allow', { when: empty })]).success, false);
  const call = { agent: 'bot', server: 'shop', tool: 'deploy', tier: 'high', actionClass: 'deploy' } as const;
  const decision = (then: Rule['then']) => decide({ rules: [rule('nothing', then, { when: empty })], call }).decision;
  assert.deepEqual([decision('allow'), decision('deny')], ['hold', 'deny']);
});

test('a pattern that would stall a backtracking engine decides in no time', () => {
  const rules = compileRules([rule('stall', 'deny', { if: 'args.text.matches("(a+)+$")' })]);
  const args = { text: `${'a'.repeat(50_000)}!` };
  const began = performance.now();
  const verdict = decide({
    rules,
    call: { agent: 'bot', server: 'shop', tool: 'deploy', tier: 'high', actionClass: 'deploy', args },
  });
  assert.ok(performance.now() - began < 1_000);
  assert.ok(verdict.decision === 'hold' || verdict.decision === 'deny');
});

test('check compares what is on a screen and stores nothing', async () => {
  const before = await statuses();
  const checked = await checkPolicy(at.prisma, { baseVersion: 0, rules: [rule('all', 'allow', { frees: true })] });
  assert.ok(checked.ok && checked.value.comparison.loosens);
  assert.ok(checked.value.comparison.looser.length > 0);
  assert.deepEqual(await statuses(), before);
});

test('every fault of the file is named with its line, conditions included', async () => {
  const text = [
    'version: 1',
    'policies:',
    '  - name: one',
    '    when: { tools: [refund] }',
    '    if: args.amount >',
    '    then: deny',
    '  - name: two',
    '    when: { tools: [] }',
    '    then: hold',
    '  - name: three',
    '    when: { class: [money] }',
    '    then: hold',
    '    expires: soon',
    '    escalate: [{ after: 5m, groups: [] }]',
    '',
  ].join('\n');
  assert.deepEqual((await faultsOf(text)).sort(), [
    '13 policies[2].expires',
    '14 policies[2].escalate[0].groups',
    '5 policies[0].if',
    '8 policies[1].when.tools',
  ]);
  const zone = 'version: 1\npolicies:\n  - name: night\n    when:\n      time: { zone: Mars/Base }\n    then: deny\n';
  assert.equal((await faultsOf(zone)).length, 1, 'what lint refuses the file refuses');
});

const FULL = {
  name: 'everything',
  description: 'Each member once',
  when: {
    agents: ['bo*'],
    servers: ['shop'],
    tools: ['deploy'],
    tier: ['high'],
    class: ['deploy'],
    taint: true,
    time: { zone: 'Europe/Berlin', days: ['mon', 'fri'], from: '08:30', to: '18:00' },
  },
  if: 'args.environment == "production"',
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  then: 'hold',
  quorum: 1,
  factors: [{ groups: ['platform'], count: 1 }],
  expires: '10m',
  approvedFor: '5m',
  voteFor: '5m',
  undo: '10s',
  stepUp: 'passkey',
  escalate: [{ after: '5m', groups: ['platform'] }],
};

test('a rule with every member goes through the file and back', async () => {
  await at.prisma.person.update({ where: { id: at.admin.id }, data: { groups: ['platform'] } });
  const observed = {
    ...rule('seen', 'deny', { mode: 'observe' }),
    when: { tools: ['ticket'] },
    observeUntil: '2026-12-01',
  };
  await applied(at, { policies: [FULL, observed] });
  const [status] = await statuses();
  if (status === 'proposed') throw new Error('this only tightens');
  const [stored, second] = (await readInForce(at.prisma)).rules;
  assert.deepEqual(
    [stored?.undoS, stored?.stepUp, stored?.escalate, stored?.when.tainted, second?.observeUntil],
    [10, 'passkey', [{ afterS: 300, groups: ['platform'] }], true, '2026-12-01T23:59:59.000Z'],
  );
  const text = await exportConfig(at.prisma);
  for (const line of ['undo: 10s', 'stepUp: passkey', 'after: 5m', 'observeUntil: 2026-12-01', 'taint: true']) {
    assert.ok(text.includes(line), line);
  }
  const again = await applyConfig(text, { ...at, actor: OPERATOR, dryRun: false, consoleUrl: CONSOLE_URL });
  assert.deepEqual(again.ok && again.value.changes, []);
});

test('a file that loosens becomes a proposal, says so, and proposes it once', async () => {
  const policies = [{ ...FULL, undo: '0s', when: { tools: ['deploy'] } }];
  const before = await namesInForce();
  const dry = await applied(at, { policies }, true);
  assert.deepEqual(
    dry.changes.map((change) => `${change.kind} ${change.what}`),
    ['propose policies'],
  );
  assert.ok(
    dry.notes.some((note) => note.startsWith('looser: ')),
    dry.notes.join('\n'),
  );
  assert.equal((await statuses()).includes('proposed'), false, 'a dry run leaves nothing');

  const done = await applied(at, { policies });
  assert.match(done.notes[0] ?? '', /waits for a second person/);
  assert.deepEqual(await namesInForce(), before);
  const count = (await statuses()).length;
  const again = await applied(at, { policies });
  assert.deepEqual([again.changes, (await statuses()).length], [[], count]);
  assert.match(again.notes[0] ?? '', /waits for a second person/);

  const other = await applied(at, { policies: [{ ...FULL, undo: '1s', when: { tools: ['deploy'] } }] });
  assert.deepEqual(
    other.changes.map((change) => change.kind),
    ['withdraw', 'propose'],
  );
  const [proposed] = (await listPolicies(at.prisma, { limit: 1 })).items;
  assert.ok(proposed !== undefined);
  const approved = await approvePolicy(at, at.admin, proposed.version, proposed);
  assert.ok(approved.ok, 'Ana is another person than the host, also where she is the only reviewer');
});

test('the host’s file with the rules that an admin proposed is the second person', async () => {
  await addPerson(at, 'ben', ['reviewer']);
  const proposed = await publish(at, at.admin, [rule('just-this', 'deny', { when: { tools: ['refund'] } })]);
  assert.equal(proposed.status, 'proposed');
  await applied(at, { policies: [rule('just-this', 'deny', { when: { tools: ['refund'] } })] });
  assert.deepEqual(await namesInForce(), ['just-this']);
  const [newest] = (await listPolicies(at.prisma, { limit: 1 })).items;
  assert.deepEqual([newest?.version, newest?.approvedBy], [proposed.version, 'the operator at the host']);
});

test('putting a rule in observe loosens, and without an end it is refused', async () => {
  const seen = rule('just-this', 'deny', { when: { tools: ['refund'] }, mode: 'observe' });
  const endless = await draft(at, at.admin, [seen]);
  assert.deepEqual(
    endless.findings.filter((one) => one.level === 'error').map((one) => one.code),
    ['observe-without-end'],
  );
  const until = new Date(Date.now() + 3 * 86_400_000).toISOString();
  const proposed = await publish(at, at.admin, [{ ...seen, observeUntil: until }]);
  assert.equal(proposed.status, 'proposed');
});

test('while nobody is set up at all, the host’s file is in force at once, frees included', async (t) => {
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  const prisma = createPrisma(database.url, { max: 2, name: 'test' });
  t.after(async () => {
    await prisma.$disconnect();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const fresh = { prisma, keys: loadKeys(dataDir) };
  const free = rule('reads', 'allow', { when: { tools: ['read_*'], tiers: ['medium'] }, frees: true });
  const done = await applied(fresh, { policies: [{ ...free, when: { tools: ['read_*'], tier: ['medium'] } }] });
  assert.deepEqual(
    done.changes.map((change) => change.kind),
    ['change'],
  );
  const { rules, freesAllowed } = await readInForce(prisma);
  assert.deepEqual([rules, freesAllowed], [[free], true]);
});
