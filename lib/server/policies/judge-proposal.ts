// Server-only. The second person's word on what an admin proposed: commands, retention.
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, type ConfigWrite, refuse } from '../db/config-write.ts';
import type { Separation } from '../people/read-separation.ts';
import { judgeSecondPerson } from './second-person.ts';

/** What the three refusals say where this kind of proposal is decided. */
export type ProposalWords = { readonly role: string; readonly author: string; readonly proof: string };

/** Whether somebody may be the second person: the proposer must still be an admin, and must not be the same human. */
export async function judgeProposal(
  { tx, now }: ConfigWrite,
  row: { readonly proposedBy: string; readonly proposedAt: Date; readonly proposedSolo: boolean },
  actor: HumanPrincipal,
  separation: Separation,
  words: ProposalWords,
): Promise<Result<true, ConfigRefusal>> {
  // The proposer counts as one of the two only while still an admin.
  const proposer = await tx.person.findUnique({ where: { id: row.proposedBy } });
  if (proposer?.status !== 'active' || !proposer.roles.includes('admin')) {
    return refuse('conflict', 'Who proposed it may not any more; somebody else must propose it anew.');
  }
  const { proposedBy: createdBy, proposedAt, proposedSolo } = row;
  const second = await judgeSecondPerson(tx, { createdBy, proposedAt, proposedSolo }, actor, separation);
  switch (second.kind) {
    case 'allowed':
      return ok(true);
    case 'role':
      return refuse('not-allowed', words.role);
    case 'author':
      return refuse('second-person-needed', words.author);
    case 'alone':
      if (now < second.from) return refuse('too-early', `Possible from ${second.from.toISOString()}.`);
      if (actor.reauthAt <= second.provenSince) return refuse('step-up-required', words.proof);
      return ok(true);
  }
}
