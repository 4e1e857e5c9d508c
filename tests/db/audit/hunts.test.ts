// Hunts: sets of filters under a name, each person's own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MOST_HUNTS } from '#lib/contracts/hunts.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { forgetHunt, listHunts, renameHunt, saveHunt } from '#lib/server/audit/hunts.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben');
  cleo = await addPerson(at, 'cleo');
});
after(() => at?.close());

const filters = { type: 'kill.', agent: 'a\u202Eb' };
async function save(who: HumanPrincipal, name: string): Promise<string> {
  const saved = await saveHunt(at, who, { name, filters });
  assert.ok(saved.ok, name);
  return saved.value.id;
}
const names = async (who: HumanPrincipal) =>
  (await listHunts(at.prisma, who, { limit: 200 })).items.map((hunt) => hunt.name);

test('a hunt is kept as it was, for its owner alone', async () => {
  const id = await save(ben, '<b>night</b>');
  const [kept] = (await listHunts(at.prisma, ben, { limit: 1 })).items;
  assert.deepEqual([kept?.id, kept?.name, kept?.filters], [id, '<b>night</b>', filters]);
  assert.deepEqual(await names(cleo), []);
  for (const refused of [await renameHunt(at, cleo, id, { name: 'mine' }), await forgetHunt(at, cleo, id)]) {
    assert.ok(!refused.ok && refused.error.code === 'not-found');
  }
  // The twin: its owner may do both.
  assert.ok((await renameHunt(at, ben, id, { name: 'night' })).ok);
  assert.deepEqual(await names(ben), ['night']);
  assert.ok((await forgetHunt(at, ben, id)).ok);
  assert.deepEqual(await names(ben), []);
});

test('a name stands once for a person, and may stand for another person too', async () => {
  const id = await save(ben, 'one');
  await save(cleo, 'one');
  const again = await saveHunt(at, ben, { name: 'one', filters });
  assert.ok(!again.ok && again.error.code === 'name-taken');
  await save(ben, 'two');
  const renamed = await renameHunt(at, ben, id, { name: 'two' });
  assert.ok(!renamed.ok && renamed.error.code === 'name-taken');
  assert.ok((await renameHunt(at, ben, id, { name: 'one' })).ok, 'its own name is no other one');
});

test('they page by name without a gap', async () => {
  for (const name of ['b', 'A', 'ä', 'c']) await save(cleo, name);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<typeof listHunts>> = await listHunts(at.prisma, cleo, { limit: 2, cursor });
    seen.push(...page.items.map((hunt) => hunt.name));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(seen, ['A', 'b', 'c', 'one', 'ä']);
});

test('fifty are the most, also when two are saved at once', async () => {
  const dan = await addPerson(at, 'dan');
  for (let n = 1; n < MOST_HUNTS; n++) await save(dan, `hunt ${n}`);
  const both = await Promise.all(['x', 'y'].map((name) => saveHunt(at, dan, { name, filters })));
  assert.deepEqual(both.map((saved) => saved.ok).toSorted(), [false, true]);
  const more = await saveHunt(at, dan, { name: 'z', filters });
  assert.ok(!more.ok && more.error.code === 'invalid-request');
  assert.equal((await names(dan)).length, MOST_HUNTS);
});
