// Server-only.
import type { Retention, RetentionChange, RetentionPreview } from '#lib/contracts/settings.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import type { RetentionChange as Row } from '../generated/prisma/client.ts';
import { readSeparation } from '../people/read-separation.ts';
import { isSameHuman } from '../people/same-human.ts';
import { SOLO_WAIT_S } from '../policies/second-person.ts';
import { countHeld } from './count-held.ts';
import { readOpenChange, readRule } from './retention-rows.ts';

const MOST_SHOWN = 20;

/** The rule in force, the change that waits, those before, and how much there is to keep. */
export async function readRetention(tx: Tx, reader: HumanPrincipal): Promise<Retention> {
  const now = await databaseNow(tx);
  const [rule, open, rows, held] = await Promise.all([
    readRule(tx, now),
    readOpenChange(tx, now),
    tx.retentionChange.findMany({ orderBy: { proposedAt: 'desc' }, take: MOST_SHOWN }),
    countHeld(tx),
  ]);
  const people = await tx.person.findMany({
    where: { id: { in: rows.flatMap((row) => [row.proposedBy, row.decidedBy ?? row.proposedBy]) } },
    select: { id: true, name: true },
  });
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  const solo = (await readSeparation(tx)) === 'solo';
  const shown: RetentionChange[] = [];
  for (const row of rows) {
    const isMine = await isSameHuman(tx, row.proposedBy, reader.id);
    const isAlone = row.status === 'proposed' && isMine && solo && row.proposedSolo;
    shown.push({
      id: row.id,
      payloadDays: row.payloadDays,
      payloadDaysBefore: row.payloadDaysBefore,
      reason: row.reason,
      state: stateOf(row, rule, now),
      proposedBy: nameOf(row.proposedBy),
      proposedByMe: isMine,
      proposedAt: row.proposedAt.toISOString(),
      aloneFrom: isAlone ? new Date(row.proposedAt.getTime() + SOLO_WAIT_S * 1000).toISOString() : null,
      decidedBy: row.decidedBy === null ? null : nameOf(row.decidedBy),
      decidedAt: row.decidedAt?.toISOString() ?? null,
      effectiveAt: row.effectiveAt?.toISOString() ?? null,
    });
  }
  return {
    payloadDays: rule?.payloadDays ?? null,
    open: shown.find((change) => change.id === open?.id) ?? null,
    history: shown.filter((change) => change.id !== open?.id),
    held,
    serverTime: now.toISOString(),
  };
}

/** What a rule of so many days would erase if it were in force now. */
export async function previewRetention(tx: Tx, days: number): Promise<RetentionPreview> {
  const now = await databaseNow(tx);
  const before = new Date(now.getTime() - days * 86_400_000);
  return { ...(await countHeld(tx, before)), before: before.toISOString() };
}

function stateOf(row: Row, rule: Row | null, now: Date): RetentionChange['state'] {
  if (row.status === 'withdrawn') return 'withdrawn';
  if (row.effectiveAt === null) return 'proposed';
  if (row.effectiveAt > now) return 'waiting';
  return row.id === rule?.id ? 'in-force' : 'over';
}
