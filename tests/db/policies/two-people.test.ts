// T42: a policy edit by an admin. What tightens is instant; what loosens takes two people, whatever way it comes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { decide } from '#lib/core/policies/decide.ts';
import { createPrisma } from '#lib/server/db/prisma.ts';
import { approvePolicy } from '#lib/server/policies/approve-policy.ts';
import { changeDraft } from '#lib/server/policies/change-draft.ts';
import { draftPolicy } from '#lib/server/policies/draft-policy.ts';
import { listPolicies, readPolicyVersion } from '#lib/server/policies/list-policies.ts';
import { readInForce } from '#lib/server/policies/policy-rows.ts';
import { publishPolicy } from '#lib/server/policies/publish-policy.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { addShop, draft, inForce, publish, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let ana: HumanPrincipal;
let cleo: HumanPrincipal;
const denyRefunds = rule('no-refunds', 'deny', { when: { tools: ['refund'] } });
const twoForDeploys = rule('two-for-deploys', 'hold', { when: { classes: ['deploy'] }, quorum: 2 });

before(async () => {
  at = await openInstallation();
  ana = at.admin;
  await addShop(at);
  await addPerson(at, 'ben', ['reviewer']);
  cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
});
after(() => at.close());

const codeOf = (answer: { ok: boolean; error?: { code: string } }) =>
  answer.ok ? 'done' : (answer.error?.code ?? '?');
const version = async () => (await readInForce(at.prisma)).version;

test('a draft decides nothing; published, what tightens is in force at once and the gateways hear of it', async () => {
  const head = await at.prisma.configHead.findUniqueOrThrow({ where: { id: 1 } });
  const made = await draft(at, ana, [denyRefunds, twoForDeploys]);
  assert.deepEqual([made.status, made.loosens, await version()], ['draft', false, 0]);
  assert.equal(made.mayPublish.allowed, true);
  const done = await publishPolicy(at, ana, made.version, { contentHash: made.contentHash });
  assert.ok(done.ok, JSON.stringify(done));
  assert.deepEqual([done.value.status, done.value.inForce, await version()], ['published', true, made.version]);
  assert.ok((await at.prisma.configHead.findUniqueOrThrow({ where: { id: 1 } })).version > head.version);
  const types = (await recordedEvents(at.prisma)).map((event) => event.type);
  assert.ok(types.includes('policy.drafted') && types.includes('policy.published'));
});

test('what loosens waits as a proposal, and its author cannot approve it', async () => {
  const was = await version();
  const proposed = await publish(at, ana, [twoForDeploys]);
  assert.deepEqual([proposed.status, proposed.loosens, await version()], ['proposed', true, was]);
  const [example] = proposed.comparison?.looser ?? [];
  assert.deepEqual([example?.tool, example?.before.decision], ['refund', 'deny']);
  assert.equal(proposed.mayApprove.allowed, false);
  const hash = { contentHash: proposed.contentHash };
  assert.equal(codeOf(await approvePolicy(at, ana, proposed.version, hash)), 'second-person-needed');
  const reviewer = withRoles(cleo, ['reviewer']);
  assert.equal(codeOf(await approvePolicy(at, reviewer, proposed.version, hash)), 'not-allowed');
  assert.equal(codeOf(await approvePolicy(at, cleo, proposed.version, { contentHash: 'another' })), 'stale-digest');
  assert.equal(await version(), was);

  const seen = await readPolicyVersion(at.prisma, proposed.version, cleo);
  assert.deepEqual(
    [seen?.mayApprove.allowed, seen?.diff.map((one) => `${one.kind} ${one.rule}`)],
    [true, ['removed no-refunds']],
  );
  const approved = await approvePolicy(at, cleo, proposed.version, hash);
  assert.ok(approved.ok, JSON.stringify(approved));
  assert.deepEqual([approved.value.inForce, approved.value.approvedBy], [true, 'cleo']);
  assert.equal(codeOf(await approvePolicy(at, cleo, proposed.version, hash)), 'conflict');
});

test('what is published is what was on the screen, written on what is in force', async () => {
  const first = await draft(at, ana, [twoForDeploys, denyRefunds]);
  const stale = await draft(at, ana, [twoForDeploys, rule('hold-search', 'hold', { when: { tools: ['search'] } })]);
  const screen = { contentHash: first.contentHash };
  const note = await changeDraft(at, ana, first.version, { note: 'refunds are over' });
  assert.ok(note.ok && note.value.contentHash === first.contentHash);
  assert.ok((await changeDraft(at, ana, first.version, { rules: [denyRefunds, twoForDeploys] })).ok);
  assert.equal(codeOf(await publishPolicy(at, ana, first.version, screen)), 'stale-digest');
  const now = await readPolicyVersion(at.prisma, first.version, ana);
  assert.ok(now !== null);
  assert.equal(codeOf(await publishPolicy(at, ana, first.version, now)), 'done');

  assert.equal(codeOf(await publishPolicy(at, ana, stale.version, stale)), 'conflict');
  const late = await draftPolicy(at, ana, { baseVersion: stale.baseVersion, rules: [], note: '' });
  assert.equal(codeOf(late), 'conflict');
  assert.equal(codeOf(await changeDraft(at, ana, first.version, { note: 'later' })), 'conflict');
});

test('a proposal dies with its base, with its author’s role, and when it is given up', async () => {
  const proposed = await publish(at, ana, [twoForDeploys]);
  const hash = { contentHash: proposed.contentHash };
  await at.prisma.person.update({ where: { id: ana.id }, data: { roles: ['reviewer'] } });
  assert.equal(codeOf(await approvePolicy(at, cleo, proposed.version, hash)), 'conflict');
  await at.prisma.person.update({ where: { id: ana.id }, data: { roles: [...ana.roles] } });

  await publish(at, ana, [twoForDeploys, denyRefunds, rule('no-search', 'deny', { when: { tools: ['search'] } })]);
  assert.equal(codeOf(await approvePolicy(at, cleo, proposed.version, hash)), 'conflict');

  const other = await publish(at, ana, [twoForDeploys]);
  assert.ok((await changeDraft(at, ana, other.version, { withdraw: true })).ok);
  assert.equal(codeOf(await approvePolicy(at, cleo, other.version, other)), 'conflict');
});

test('somebody else’s draft is neither edited nor, when it loosens, proposed', async () => {
  const dora = await addPerson(at, 'dora', ['admin']);
  const made = await draft(at, ana, []);
  assert.equal(codeOf(await changeDraft(at, dora, made.version, { note: 'mine now' })), 'not-allowed');
  assert.equal(codeOf(await publishPolicy(at, dora, made.version, made)), 'not-allowed');
  assert.equal(
    codeOf(await draftPolicy(at, cleo, { baseVersion: await version(), rules: [], note: '' })),
    'not-allowed',
  );
});

test('going back to an older version is a change like any other', async () => {
  const page = await listPolicies(at.prisma, { limit: 100 });
  const old = await readPolicyVersion(
    at.prisma,
    page.items.findLast((one) => one.status === 'published')?.version ?? 0,
    ana,
  );
  assert.ok(old !== null);
  const back = await inForce(at, ana, cleo, old.content);
  assert.deepEqual([back.contentHash, back.inForce], [old.contentHash, true]);
});

test('of two publishers on two connections one wins, and the other must look again', async (t) => {
  const second = createPrisma(at.url, { max: 2, name: 'test' });
  t.after(() => second.$disconnect());
  const rules = [twoForDeploys, denyRefunds];
  for (let round = 0; round < 5; round++) {
    const names = [`a${round}`, `b${round}`].map((name) => rule(name, 'deny', { when: { tools: [name] } }));
    const drafts = [];
    for (const one of names) drafts.push(await draft(at, ana, [...rules, one]));
    const answers = await Promise.all(
      drafts.map((one, index) => publishPolicy(index === 0 ? at : { ...at, prisma: second }, ana, one.version, one)),
    );
    assert.deepEqual(answers.map(codeOf).sort(), ['conflict', 'done']);
    const { rules: now } = await readInForce(at.prisma);
    rules.splice(2, rules.length, ...now.slice(2));
  }
});

test('frees has effect only when two people let it in, and keeps it through what tightens', async () => {
  const free = rule('free-deploys', 'allow', { when: { tools: ['deploy'] }, frees: true });
  const deploy = { agent: 'bot', server: 'shop', tool: 'deploy', tier: 'high', actionClass: 'deploy' } as const;
  const decision = async () => {
    const { rules, freesAllowed } = await readInForce(at.prisma);
    return decide({ rules, call: deploy, defaults: { undoHighS: 0, freesAllowed } }).decision;
  };
  const proposed = await publish(at, ana, [denyRefunds, free]);
  assert.deepEqual([proposed.status, await decision()], ['proposed', 'hold']);
  assert.ok((await approvePolicy(at, cleo, proposed.version, proposed)).ok);
  assert.equal(await decision(), 'allow');
  const noTickets = rule('no-tickets', 'deny', { when: { tools: ['ticket'] } });
  const tighter = await publish(at, ana, [denyRefunds, free, noTickets]);
  assert.deepEqual([tighter.status, await decision()], ['published', 'allow']);

  // The guard off: the same rules in a version that nobody let in.
  await at.prisma.policyVersion.update({ where: { version: tighter.version }, data: { freesAllowed: false } });
  assert.equal(await decision(), 'hold');
  const again = await publish(at, ana, [denyRefunds, free, noTickets, rule('x', 'deny', { when: { tools: ['x'] } })]);
  assert.equal(again.status, 'proposed', 'what would bring a dead frees to life loosens');
});
