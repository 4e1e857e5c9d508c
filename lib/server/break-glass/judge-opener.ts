// Server-only. Whether a person may open an emergency, by what the database says now.
import type { Refusal } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { accountsOf } from '../people/same-human.ts';

type OpenerRow = {
  enabled: boolean;
  group_name: string;
  in_group: boolean;
  reviewer: boolean;
  open: boolean;
  overdue: boolean;
  set_up_alone: boolean;
};
export type OpenerRefusal = Refusal & { readonly detail: string };

/**
 * Whether the person may open an emergency now. Refuses while break-glass is switched off, whoever is not in the named
 * group or may not decide requests, a second emergency beside the first, and a person whose last one was not reviewed in
 * time: who does not account for one does not get another. Refuses for a day whoever changed the settings of break-glass or
 * put themselves into a group, by whatever account: one person would have made their own emergency. Not whoever was alone
 * then and is alone now.
 */
export async function judgeOpener(tx: Tx, personId: string): Promise<Result<true, OpenerRefusal>> {
  const own = [...(await accountsOf(tx, [personId]))];
  const isSolo = (await readSeparation(tx)) === 'solo';
  const rows = await tx.$queryRaw<OpenerRow[]>`
    SELECT s.break_glass_enabled AS enabled, s.break_glass_group AS group_name,
      s.break_glass_group = ANY(p.groups) AS in_group, 'reviewer' = ANY(p.roles) AS reviewer,
      EXISTS (SELECT 1 FROM break_glass b WHERE b.person_id = p.id AND b.ended_at IS NULL
        AND b.ends_at > clock_timestamp()) AS open,
      EXISTS (SELECT 1 FROM break_glass b WHERE b.person_id = p.id AND b.reviewed_at IS NULL
        AND b.review_due <= clock_timestamp()) AS overdue,
      coalesce(s.break_glass_changed_by = ANY (${own}::uuid[]) AND NOT (${isSolo} AND s.break_glass_changed_solo)
        AND s.break_glass_changed_at > clock_timestamp() - interval '24 hours', false)
      OR coalesce(p.groups_changed_by = ANY (${own}::uuid[]) AND NOT (${isSolo} AND p.groups_changed_solo)
        AND p.groups_changed_at > clock_timestamp() - interval '24 hours', false) AS set_up_alone
    FROM people p JOIN settings s ON s.id = 1 WHERE p.id = ${personId}::uuid AND p.status = 'active'`;
  const row = rows[0];
  if (row === undefined) return refuse('not-allowed', 'This account is disabled.');
  if (!row.enabled) return refuse('not-allowed', 'Break-glass is switched off. An admin can enable it under Settings.');
  if (!row.in_group) return refuse('not-allowed', `Only members of the group ${row.group_name} may do this.`);
  if (!row.reviewer) return refuse('not-allowed', 'Deciding needs the role reviewer.');
  if (row.open) return refuse('conflict', 'You have an emergency open already.');
  if (row.overdue)
    return refuse('conflict', 'Your last emergency was not reviewed in time; it must be reviewed first.');
  if (row.set_up_alone) {
    return refuse(
      'second-person-needed',
      'You changed the break-glass settings or your own groups within the last day: somebody else must do that for you.',
    );
  }
  return ok(true);
}

function refuse(code: OpenerRefusal['code'], detail: string): Result<true, OpenerRefusal> {
  return err({ code, detail });
}
