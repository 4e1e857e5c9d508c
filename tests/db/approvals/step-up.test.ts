import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { consumeRequest } from '#lib/server/approvals/consume-request.ts';
import { challengeVote } from '#lib/server/passkeys/challenge-vote.ts';
import type { Authenticator } from '#tests/fakes/authenticator.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { PLAIN_TERMS } from '#tests/fixtures/hold-terms.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { CONSOLE_HOST, enrol, passkeyDeps } from '#tests/fixtures/passkeys.ts';
import { addReviewer, type Held, letVoteFor } from '#tests/fixtures/reviewers.ts';

let at: Installation;
let held: HeldCalls;
let pool: pg.Pool;
let ben: HumanPrincipal;
let key: Authenticator;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  pool = new pg.Pool({ connectionString: at.url, max: 2 });
  ben = await addReviewer(at, 'ben');
  key = await enrol(at, ben);
});
after(async () => {
  await pool.end();
  await held.close();
  await at.close();
});

const TERMS: HoldTerms = { ...PLAIN_TERMS, stepUp: 'passkey' };

/** What beside the decision is said with the key: that it is alone, or in whose place. */
type Manner = { readonly breakGlass?: true; readonly forPersonId?: string };

/** Votes with a passkey over this very vote, or over another decision or manner. */
async function proven(
  request: Held,
  decision: 'approve' | 'deny',
  over: 'approve' | 'deny' = decision,
  { signed = {}, sent = signed }: { readonly signed?: Manner; readonly sent?: Manner } = {},
) {
  const { id, digest } = request;
  const said = { id, digest, decision: over, ...signed, host: CONSOLE_HOST };
  const offered = await challengeVote(passkeyDeps(at), ben, said);
  assert.ok(offered.ok);
  const assertion = key.get(offered.value.options);
  const answer = await castVote(passkeyDeps(at), ben, { requestId: id, digest, decision, ...sent, assertion });
  return answer.ok ? `${answer.value.outcome} ${answer.value.record.status}` : answer.error.code;
}

async function consume({ id, digest }: Held, terms: HoldTerms) {
  const { epoch } = await at.prisma.killHead.findUniqueOrThrow({ where: { id: 1 } });
  const input = { requestId: id, digest, knownEpoch: epoch, bootId: randomUUIDv7(), tier: 'high' as const, rows: [] };
  return (await consumeRequest(pool, { ...input, terms, policyVersion: 0 })).kind;
}

test('a vote with the passkey counts where one is asked for, at the vote and at the use, and keeps its evidence', async () => {
  const request = await held.hold({ terms: TERMS });
  assert.equal(await proven(request, 'approve'), 'decided approved');
  const vote = await at.prisma.vote.findFirstOrThrow({ where: { requestId: request.id } });
  assert.equal(vote.stepUp, true);
  assert.match(JSON.stringify(vote.assertion), new RegExp(`${request.id} approve ${request.digest}`));
  const cast = (await recordedEvents(at.prisma)).find(
    (event) => event.type === 'vote.cast' && event.text.includes(request.id),
  );
  assert.match(cast?.text ?? '', /"reason_commit":"[0-9a-f]{64}"/, 'the log commits to the assertion');
  assert.equal(await consume(request, TERMS), 'consumed');
});

test('an assertion over the other decision is refused, counts for nothing, and the refusal is on record', async () => {
  const request = await held.hold({ terms: TERMS });
  assert.equal(await proven(request, 'approve', 'deny'), 'step-up-failed');
  assert.equal(await at.prisma.vote.count({ where: { requestId: request.id } }), 0);
  const refused = (await recordedEvents(at.prisma)).filter(
    (event) => event.type === 'vote.refused' && event.text.includes(request.id),
  );
  assert.equal(refused.length, 1);
});

test('a vote under an emergency is used in spite of quorum and factors, until the emergency is ended early', async () => {
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: true, breakGlassGroup: 'fire' } });
  await at.prisma.person.update({ where: { id: ben.id }, data: { groups: ['fire'] } });
  const open = () =>
    pool.query(
      `INSERT INTO break_glass (id, person_id, reason, ticket, ends_at, review_due)
       VALUES ($1, $2, 'fire', 'T-1', clock_timestamp() + interval '10 minutes', clock_timestamp() + interval '1 day')`,
      [randomUUIDv7(), ben.id],
    );
  const alone = (request: Held) => proven(request, 'approve', 'approve', { signed: { breakGlass: true } });
  const terms = { ...PLAIN_TERMS, quorum: 3, factors: [{ groups: ['sec'], count: 2 }] };
  await open();
  const [used, lost] = [await held.hold({ terms }), await held.hold({ terms })];
  const plain = await proven(used, 'approve', 'approve', { signed: {}, sent: { breakGlass: true } });
  assert.equal(plain, 'step-up-failed', 'what was signed as an ordinary vote is none under an emergency');
  const back = await proven(used, 'approve', 'approve', { signed: { breakGlass: true }, sent: {} });
  assert.equal(back, 'step-up-failed');
  assert.equal(await alone(used), 'decided approved');
  assert.equal(await alone(lost), 'decided approved');
  assert.equal(await consume(used, terms), 'consumed');
  await pool.query('UPDATE break_glass SET ended_at = clock_timestamp()');
  assert.notEqual(await consume(lost, terms), 'consumed');
});

test('what was signed as one’s own vote is none in another’s place, nor the other way round', async () => {
  const cleo = await addReviewer(at, 'cleo');
  const dora = await addReviewer(at, 'dora');
  await letVoteFor(at, cleo, ben);
  await letVoteFor(at, dora, ben);
  const request = await held.hold({ terms: TERMS });
  const own = {};
  const [forCleo, forDora] = [{ forPersonId: cleo.id }, { forPersonId: dora.id }];
  for (const [signed, sent] of [
    [own, forCleo],
    [forCleo, own],
    [forCleo, forDora],
  ] as const) {
    assert.equal(await proven(request, 'approve', 'approve', { signed, sent }), 'step-up-failed');
  }
  assert.equal(await proven(request, 'approve', 'approve', { signed: forCleo }), 'decided approved');
});
