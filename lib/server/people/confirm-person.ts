// Server-only.
import type { Person } from '#lib/contracts/people.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { provenRecently } from '../auth/proven-recently.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, writeConfig } from '../db/config-write.ts';
import { notify } from '../db/listen.ts';
import { mayApprovePolicies } from '../policies/second-person.ts';
import { readPerson } from './list-people.ts';
import { lockPeople } from './lock-people.ts';

/**
 * Confirms that an account is somebody of their own: from now on it counts apart from whoever made it or gave it a role. What
 * the voucher gave it themself is left for somebody else to confirm.
 *
 * Refuses everybody outside admin and security, whoever has not proven within five minutes who they are, and as the voucher
 * whoever made the tie, is tied themself, came after it, or is the account. The operator at the host always may. An account
 * that counts for itself already is refused, so that nobody believes to have vouched for what comes later.
 */
export function confirmPerson(deps: ConfigDeps, actor: ConfigActor, id: string): Promise<Result<Person, Refusal>> {
  return writeConfig(
    deps,
    actor,
    async ({ tx, keys }) => {
      if (actor.kind !== 'operator' && !(await provenRecently(tx, actor))) {
        return err<Refusal>({
          code: 'step-up-required',
          detail: 'Prove again that it is you: your word counts for a second person.',
        });
      }
      await lockPeople(tx);
      const person = await tx.person.findUnique({ where: { id } });
      if (person === null) return err<Refusal>({ code: 'not-found' });
      const by = personIdOf(actor);
      const ties = await tx.$queryRaw<{ id: string; email: string; may: boolean }[]>`
        SELECT t.id::text, p.email, ${by}::uuid IS NULL OR may_vouch(${by}::uuid, t.id) AS may
        FROM person_ties t JOIN people p ON p.id = t.tied_to
        WHERE t.person_id = ${id}::uuid AND t.confirmed_at IS NULL AND t.ends_at > clock_timestamp() ORDER BY t.id`;
      if (ties.length === 0) {
        return err<Refusal>({ code: 'conflict', detail: 'This account counts for itself already.' });
      }
      const confirmed = ties.filter((tie) => tie.may);
      if (confirmed.length === 0) {
        const makers = [...new Set(ties.map((tie) => tie.email))].join(', ');
        return err<Refusal>({
          code: 'second-person-needed',
          detail: `It counts with ${makers}: an admin or security who was here before, and is neither of them, must confirm it.`,
        });
      }
      await tx.$executeRaw`
        UPDATE person_ties SET confirmed_by = ${by}::uuid, confirmed_by_name = ${actor.name},
          confirmed_at = clock_timestamp() WHERE id = ANY (${confirmed.map((tie) => tie.id)}::uuid[])`;
      await recordEvent(tx, keys, {
        type: 'person.confirmed',
        actor: auditActor(actor),
        detail: {
          person: id,
          email: person.email,
          with: [...new Set(confirmed.map((tie) => tie.email))].join(' ').slice(0, 1_000),
        },
      });
      await bumpConfig(tx, 'people', id);
      await notify(tx, 'cs_session', { personId: id });
      const after = await readPerson(tx, id);
      return after === null ? err<Refusal>({ code: 'not-found' }) : ok(after);
    },
    mayApprovePolicies,
  );
}
