// Server-only. Why somebody counts as one human with somebody else, in a sentence for them.
import type { Tx } from '../db/tx.ts';

/**
 * Says of people with whom they count as one human and until when, whichever way round the tie goes; by their id, and only
 * where a tie holds. E-mails of colleagues: for people who are signed in, never for agents.
 */
export async function tieSentences(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ id: string; emails: string[]; until: Date }[]>`
    SELECT one.id::text, array_agg(DISTINCT p.email ORDER BY p.email) AS emails, max(t.ends_at) AS until
    FROM unnest(${[...ids]}::uuid[]) AS one(id)
    JOIN person_ties t ON one.id IN (t.person_id, t.tied_to) AND t.confirmed_at IS NULL AND t.ends_at > clock_timestamp()
    JOIN people p ON p.id = CASE WHEN t.person_id = one.id THEN t.tied_to ELSE t.person_id END
    GROUP BY one.id`;
  return new Map(rows.map(({ id, emails, until }) => [id, sentence(emails, until)]));
}

function sentence(emails: readonly string[], until: Date): string {
  const at = `${until.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `Counts as one person with ${emails.join(', ')} until ${at}, or until another admin or security confirms it.`;
}
