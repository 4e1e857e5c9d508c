// What an emergency cannot do, by the use-cases themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { applyConfig } from '#lib/server/apply/apply-config.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { endBreakGlass } from '#lib/server/break-glass/end-break-glass.ts';
import { challengeBreakGlass, openBreakGlass } from '#lib/server/break-glass/open-break-glass.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { challengeVote } from '#lib/server/passkeys/challenge-vote.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import type { Authenticator } from '#tests/fakes/authenticator.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { CONSOLE_HOST, enrol, passkeyDeps } from '#tests/fixtures/passkeys.ts';
import { addPerson, CONSOLE_URL, signInAs } from '#tests/fixtures/people.ts';

type Held = { readonly id: string; readonly digest: string };
let at: Installation;
let held: HeldCalls;
let ben: HumanPrincipal;
let key: Authenticator;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  ben = await addPerson(at, 'ben', ['reviewer', 'security']);
  await addPerson(at, 'cleo', ['reviewer', 'security']);
  key = await enrol(at, ben);
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: true, breakGlassGroup: 'on-call' } });
  await changePerson(at, at.admin, ben.id, { groups: ['on-call'] });
});
after(async () => {
  await held.close();
  await at.close();
});

async function open(): Promise<string> {
  const terms = { reason: 'Nobody else is awake', ticket: 'INC-42', minutes: 15 };
  const offered = await challengeBreakGlass(passkeyDeps(at), ben, { ...terms, host: CONSOLE_HOST });
  assert.ok(offered.ok);
  const opened = await openBreakGlass(passkeyDeps(at), ben, { ...terms, assertion: key.get(offered.value.options) });
  assert.ok(opened.ok);
  return opened.value.id;
}
/** Ben's vote under the emergency, with his passkey. */
async function alone(request: Held, who = ben, by = key) {
  const { id, digest } = request;
  const said = { id, digest, decision: 'approve', breakGlass: true, host: CONSOLE_HOST } as const;
  const offered = await challengeVote(passkeyDeps(at), who, said);
  assert.ok(offered.ok);
  const assertion = by.get(offered.value.options);
  const vote = { requestId: id, digest, decision: 'approve', breakGlass: true, assertion } as const;
  const answer = await castVote(passkeyDeps(at), who, vote);
  return answer.ok ? `${answer.value.outcome} ${answer.value.record.status}` : answer.error.code;
}

test('one vote under an emergency fills a quorum of three; after its end it fills none', async () => {
  const before = await held.hold({ quorum: 3 });
  assert.equal(await alone(before), 'not-allowed');
  const id = await open();
  assert.equal(await alone(before), 'decided approved');
  assert.ok((await endBreakGlass(at, ben, id)).ok);
  assert.equal(await alone(await held.hold({ quorum: 3 })), 'not-allowed');
});

test('it fills factors that the person is not in, but makes nobody a judge of their own agent', async () => {
  const id = await open();
  const factors = [{ groups: ['platform'], count: 2 }];
  assert.equal(await alone(await held.hold({ terms: { quorum: 2, factors } })), 'decided approved');
  await at.prisma.agent.updateMany({ data: { ownerId: ben.id } });
  assert.equal(await alone(await held.hold({ quorum: 3 })), 'self-approval');
  await at.prisma.agent.updateMany({ data: { ownerId: at.admin.id } });
  assert.ok((await endBreakGlass(at, ben, id)).ok);
});

test('it frees nothing that a rule denies by now', async () => {
  const request = await held.hold({ quorum: 3 });
  const id = await open();
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  const never = { name: 'never', when: { tools: ['exec'] }, then: 'deny' };
  const actor = { kind: 'operator', name: 'operator' } as const;
  const file = JSON.stringify({ version: 1, policies: [never] });
  const options = { prisma: at.prisma, keys: at.keys, actor, dryRun: false, consoleUrl: CONSOLE_URL };
  assert.ok((await applyConfig(file, options)).ok);
  assert.equal(await alone(request), 'denied-by-policy');
  assert.equal(await at.prisma.vote.count({ where: { requestId: request.id } }), 0);
  assert.ok((await endBreakGlass(at, ben, id)).ok);
});

test('it does not pass the kill switch', async () => {
  const request = await held.hold({ quorum: 3 });
  await open();
  const security = await signInAs(at, 'cleo@example.com');
  assert.ok((await kill(at, security, { scope: 'everything', reason: 'stop all of it' })).ok);
  assert.equal(await alone(request), 'killed');
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.equal(row.status, 'killed');
});
