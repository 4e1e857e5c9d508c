// Server-only. Runs and results as they are stored, parsed where they are read.
import { z } from 'zod';
import { VERDICTS, type Verdict } from '#lib/core/red-team/judge.ts';
import type { Database } from '../db/prisma.ts';
import type { Tx } from '../db/tx.ts';

const verdictSchema = z.enum(VERDICTS);

/** What a run is compared with: the verdicts of the run before it, and the gaps that are accepted now. */
export type Before = { readonly verdicts: ReadonlyMap<string, Verdict>; readonly gaps: ReadonlySet<string> };

export async function readBefore(prisma: Database, runId: string): Promise<Before> {
  const run = await prisma.redTeamRun.findUniqueOrThrow({ where: { id: runId } });
  const rows =
    run.previousId === null
      ? []
      : await prisma.redTeamResult.findMany({
          where: { runId: run.previousId },
          select: { scenario: true, verdict: true },
        });
  return {
    verdicts: new Map(rows.map((row) => [row.scenario, verdictSchema.parse(row.verdict)])),
    gaps: await readGaps(prisma),
  };
}

/** The scenarios whose gap is accepted at this moment. */
export async function readGaps(tx: Tx): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRaw<{ scenario: string }[]>`
    SELECT scenario FROM red_team_gaps WHERE ended_at IS NULL AND until > clock_timestamp()`;
  return new Set(rows.map(({ scenario }) => scenario));
}
