import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import pg from 'pg';
import { judgeQuorum, type SeatVote } from '#lib/core/approvals/quorum.ts';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

let database: TestDatabase;
let pool: pg.Pool;
before(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
});
after(async () => {
  await pool.end();
  await database.drop();
});

const NOW_MS = Date.UTC(2026, 0, 1, 12);
const GROUPS = ['ops', 'sec', 'dev', 'boss'];
const groups = fc.uniqueArray(fc.constantFrom(...GROUPS), { maxLength: 2 });
/** Mostly what makes sense, now and then what does not: a quorum that fails for nonsense says nothing of counting. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 20, arbitrary: usual }, { weight: 1, arbitrary: odd });
const people = ['a', 'b', 'c', 'd', 'e'];
/** One vote a caster, as the table allows; casters of one human share a key, as accounts of one subject do. */
const votes = fc.uniqueArray(fc.constantFrom(...people), { maxLength: 5 }).chain((casters) =>
  fc.tuple(
    ...casters.map((casterId) =>
      fc.record({
        casterId: fc.constant(casterId),
        seatId: fc.constantFrom(casterId, casterId, ...people),
        humanKey: fc.constant(casterId === 'e' ? 'a' : casterId),
        groups,
        decision: mostly<SeatVote['decision']>(fc.constant('approve'), fc.constant('deny')),
        ageMs: mostly(fc.constantFrom(0, 1, 30_000, 59_999), fc.constantFrom(-5000, 60_000, 60_001)),
        stepUp: mostly(fc.constant(true), fc.constant(false)),
      }),
    ),
  ),
);
const factor = fc.record({
  groups: mostly(fc.uniqueArray(fc.constantFrom(...GROUPS), { minLength: 1, maxLength: 2 }), fc.constant<string[]>([])),
  count: mostly(fc.constantFrom(1, 1, 1, 2), fc.constantFrom(0, 1.5)),
});
const terms = fc.record({
  quorum: mostly(fc.constantFrom(1, 1, 2, 3), fc.constantFrom(0, 4, 2 ** 31 - 1)),
  factors: fc.oneof(fc.array(factor, { minLength: 2, maxLength: 2 }), fc.array(factor, { maxLength: 4 })),
  stepUp: fc.constantFrom('none' as const, 'passkey' as const),
  voteTtlS: fc.constant(60),
});

test('the database counts a quorum as the core does, whatever the votes and the terms', async () => {
  let met = 0;
  let misfit = 0;
  await fc.assert(
    fc.asyncProperty(votes, terms, groups, async (cast, asked, escalated) => {
      const seats = cast.map(({ ageMs, ...seat }): SeatVote => ({ ...seat, castAtMs: NOW_MS - ageMs }));
      const verdict = judgeQuorum(seats, asked, { nowMs: NOW_MS, escalatedGroups: escalated });
      if (verdict.met && asked.factors.length > 1) met += 1;
      // Enough people, but not the right ones: only an assignment tells.
      const places = asked.factors.reduce((sum, one) => sum + one.count, 0);
      if (!verdict.met && !verdict.denied && verdict.approvals >= Math.max(places, asked.quorum)) misfit += 1;
      const rows = seats.map((seat) => ({
        caster_id: seat.casterId,
        seat_id: seat.seatId,
        human_key: seat.humanKey,
        groups: seat.groups,
        decision: seat.decision,
        cast_at: new Date(seat.castAtMs).toISOString(),
        step_up: seat.stepUp,
        break_glass: false,
      }));
      const { rows: answers } = await pool.query<{ met: boolean }>(
        'SELECT seats_meet($1, $2, $3, $4, $5, $6, $7) AS met',
        [
          JSON.stringify(rows),
          asked.quorum,
          JSON.stringify(asked.factors),
          asked.stepUp,
          asked.voteTtlS,
          escalated,
          new Date(NOW_MS),
        ],
      );
      assert.equal(answers[0]?.met, verdict.met);
    }),
    { numRuns: Number(process.env.QUORUM_RUNS ?? 1500) },
  );
  assert.ok(met > 10 && misfit > 10, `${met} met, ${misfit} misfits: the property said little`);
});

test('terms that cannot be read are never met', async () => {
  const seat = { caster_id: 'a', seat_id: 'a', human_key: 'a', groups: ['ops'], decision: 'approve', step_up: true };
  const seats = JSON.stringify([{ ...seat, cast_at: new Date(NOW_MS).toISOString(), break_glass: false }]);
  const met = async (factors: unknown, quorum: number | null = 1) => {
    const { rows } = await pool.query<{ met: boolean }>(`SELECT seats_meet($1, $2, $3, 'none', 60, '{}', $4) AS met`, [
      seats,
      quorum,
      JSON.stringify(factors),
      new Date(NOW_MS),
    ]);
    return rows[0]?.met;
  };
  assert.equal(await met([]), true);
  assert.equal(await met([], null), false);
  assert.equal(await met([{ groups: ['ops'], count: 1 }]), true);
  for (const factor of [{ count: 1 }, { groups: [], count: 1 }, { groups: ['ops'] }, { groups: ['ops'], count: -1 }]) {
    assert.equal(await met([factor]), false, JSON.stringify(factor));
  }
  assert.equal(await met(Array.from({ length: 9 }, () => ({ groups: ['ops'], count: 1 }))), false);
});
