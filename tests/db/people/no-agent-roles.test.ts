// T41: no way makes an agent somebody who decides. Roles belong to people, and an agent is none under any name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agentCreateSchema, agentPatchSchema } from '#lib/contracts/agents.ts';
import { inviteSchema } from '#lib/contracts/links.ts';
import type { GroupMapping } from '#lib/contracts/sso.ts';
import type { AgentSecret } from '#lib/server/agents/create-agent.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { readTokenSession } from '#lib/server/auth/sessions.ts';
import { withTx } from '#lib/server/db/tx.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { admitPerson } from '#lib/server/sso/admit-person.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { command, fileIn, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, OPERATOR } from '#tests/fixtures/people.ts';

const AGENT = 'climber';
const ROLES = ['admin', 'reviewer'] as const;
let at: Installation;
let agent: AgentSecret;
before(async () => {
  at = await openInstallation();
  pretendToRun(at);
  agent = await makeAgent(at, { name: AGENT });
});
after(() => at.close());

/** Everybody who holds a role, and every door through which somebody could come to one. */
async function whoMayDecide(): Promise<readonly string[]> {
  const people = await at.prisma.person.findMany({ orderBy: { email: 'asc' } });
  const links = await at.prisma.oneTimeLink.findMany({ where: { usedAt: null, kind: 'invite' } });
  return [
    ...people.map(({ email, roles }) => `${email}: ${roles.join(' ')}`),
    ...links.map(({ email }) => `link ${email}`),
  ];
}

/** What became of it; whatever it was, nobody may have come to a role by it. */
async function changesNothing(attempt: () => Promise<string>): Promise<string> {
  const before = await whoMayDecide();
  const said = await attempt();
  assert.deepEqual(await whoMayDecide(), before);
  return said;
}

test('the API gives no agent a role: neither as a member of it, nor as a person with its id, nor by its name (T41)', async () => {
  for (const roles of [[...ROLES], ['reviewer'], []]) {
    assert.equal(agentCreateSchema.safeParse({ name: 'other', roles }).success, false);
    assert.equal(agentPatchSchema.safeParse({ roles }).success, false);
  }
  assert.ok(
    agentCreateSchema.safeParse({ name: 'other' }).success && agentPatchSchema.safeParse({}).success,
    'the twin',
  );
  for (const id of [agent.id, agent.keyId]) {
    const said = await changesNothing(async () => {
      const answer = await changePerson(at, at.admin, id, { roles: ROLES });
      return answer.ok ? 'changed' : answer.error.code;
    });
    assert.equal(said, 'not-found');
  }
  for (const email of [AGENT, agent.clientId]) {
    assert.equal(inviteSchema.safeParse({ email, roles: ROLES }).success, false);
  }
  const ben = await addPerson(at, 'ben', ['security']);
  assert.ok((await changePerson(at, at.admin, ben.id, { roles: ROLES })).ok, 'the twin: a person is given them');
});

test('what an agent holds is nobody’s session, and its name invites nobody (T41)', async () => {
  const issued = await issueToken(at, at.admin, AGENT, { audience: '/api/v1/calls', ttlS: 3600 });
  assert.ok(issued.ok);
  for (const token of [issued.value.token, agent.clientSecret, agent.clientId]) {
    assert.equal(await readTokenSession(at.prisma, token), null);
  }
  const columns = await at.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name || '.' || column_name AS name FROM information_schema.columns
    WHERE table_schema = current_schema() AND udt_name IN ('role', '_role') ORDER BY 1`;
  const tables = [...new Set(columns.map(({ name }) => name.split('.')[0]))];
  assert.deepEqual(tables, ['one_time_links', 'people'], 'only people and invitations have a place for a role');
});

test('apply gives no agent a role: not under agents, and not under people (T41)', async () => {
  const apply = async (content: string) => {
    const ran = await command(at.dataDir, 'apply', '-f', fileIn(at.dataDir, 'countersign.yaml', content));
    return ran.code === 0 ? 'applied' : ran.err;
  };
  const refused = /roles?|agent|email/;
  for (const lines of [
    `agents:\n  - { name: ${AGENT}, owner: ana@example.com, roles: [reviewer] }`,
    `agents:\n  - { name: ${AGENT}, owner: ana@example.com, role: admin }`,
    `people:\n  - { email: ${AGENT}, roles: [reviewer] }`,
    `people:\n  - { email: ana@example.com, roles: [admin, reviewer, security], agent: ${AGENT} }`,
  ]) {
    const said = await changesNothing(() => apply(`version: 1\n${lines}\n`));
    assert.match(said, refused, lines);
  }
  const twin = await apply(`version: 1\nagents:\n  - { name: ${AGENT}, owner: ana@example.com }\n`);
  assert.equal(twin, 'applied', 'the twin: the same agent without a role');
});

test('the command line gives no agent a role, by its name, its id or its client id (T41)', async () => {
  for (const name of [AGENT, agent.id, agent.clientId]) {
    for (const argv of [
      ['roles', name, 'reviewer,admin'],
      ['invite', name, '--roles', 'reviewer'],
      ['reset', name],
      ['enable', name],
    ]) {
      const said = await changesNothing(async () => String((await command(at.dataDir, 'people', ...argv)).code));
      assert.notEqual(said, '0', argv.join(' '));
    }
  }
  const twin = await command(at.dataDir, 'people', 'roles', 'ben@example.com', 'reviewer');
  assert.equal(twin.code, 0, twin.err);
});

test('a mapping gives no agent a role: whoever comes under its name is a stranger without a verified e-mail (T41)', async () => {
  const mappings: GroupMapping[] = [{ claim: 'machines', roles: [...ROLES], groups: [] }];
  const come = (named: { sub: string; email: string | null; emailVerified: boolean }, autoCreate: boolean) =>
    withTx(at.prisma, async (tx) => {
      const rules = { passwords: 'on', autoCreate, mappings } as const;
      const who = { issuer: 'https://id.example.com', name: AGENT, groups: ['machines'], ...named };
      const admitted = await admitPerson(tx, at.keys, who, rules);
      return admitted.ok ? 'in' : admitted.error.code;
    });
  for (const sub of [AGENT, agent.id, agent.clientId]) {
    for (const [email, emailVerified] of [
      [null, false],
      [AGENT, true],
      ['ana@example.com', false],
    ] as const) {
      const said = await changesNothing(() => come({ sub, email, emailVerified }, true));
      assert.equal(said, 'sso-email-unverified');
    }
  }
  const machine = { sub: AGENT, email: 'climber@example.com', emailVerified: true };
  assert.equal(await changesNothing(() => come(machine, false)), 'sso-no-account', 'nobody invited it');
  const deps = { ...at, consoleUrl: CONSOLE_URL };
  const invited = await invitePerson(deps, OPERATOR, { email: machine.email, roles: ['security'], groups: [] });
  assert.ok(invited.ok);
  assert.equal(await come(machine, false), 'in', 'the twin: an invited person of that subject comes in');
  const rows = await at.prisma.agent.findMany({ where: { name: AGENT } });
  assert.deepEqual(
    rows.map(({ id }) => id),
    [agent.id],
    'and the agent is what it was',
  );
});
