// Server-only.
import type { CommandProposal } from '#lib/contracts/commands.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { isSameHuman } from '../people/same-human.ts';
import { SOLO_WAIT_S } from '../policies/second-person.ts';

/** The commands that wait for a second person, oldest first, and what the host lets them start. */
export async function listProposals(
  tx: Tx,
  programs: readonly string[],
  viewer: HumanPrincipal,
): Promise<{ items: CommandProposal[]; programs: string[] }> {
  const rows = await tx.commandProposal.findMany({
    where: { status: 'proposed' },
    orderBy: { proposedAt: 'asc' },
    take: 200,
  });
  const separation = await readSeparation(tx);
  const people = await tx.person.findMany({ where: { id: { in: rows.map((row) => row.proposedBy) } } });
  const using = await tx.server.findMany({ where: { commandName: { in: rows.map((row) => row.name) } } });
  const items: CommandProposal[] = [];
  for (const row of rows) {
    const isMine = await isSameHuman(tx, row.proposedBy, viewer.id);
    const isAlone = isMine && separation === 'solo' && row.proposedSolo;
    items.push({
      id: row.id,
      name: row.name,
      argv: row.argv,
      argvBefore: row.argvBefore.length === 0 ? null : row.argvBefore,
      reason: row.reason,
      proposedBy: people.find((person) => person.id === row.proposedBy)?.name ?? row.proposedBy,
      proposedAt: row.proposedAt.toISOString(),
      proposedByMe: isMine,
      aloneFrom: isAlone ? new Date(row.proposedAt.getTime() + SOLO_WAIT_S * 1000).toISOString() : null,
      servers: using.filter((server) => server.commandName === row.name).map((server) => server.name),
    });
  }
  return { items, programs: [...programs] };
}
