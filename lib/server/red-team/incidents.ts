// Server-only. What a run tells people: one incident for each guardrail and family that lets something through.
import { type Light, needsIncident, type Standing } from '#lib/core/red-team/compare.ts';
import type { Verdict } from '#lib/core/red-team/judge.ts';
import { FAMILY_WORDS, type Scenario } from '#lib/core/red-team/scenario.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { closeByEvidence } from '../incidents/close-incident.ts';
import { openIncident } from '../incidents/open-incident.ts';

type Done = { readonly scenario: Scenario; readonly verdict: Verdict; readonly standing: Standing };

const TRIPWIRE_KEY = 'red-team:tripwire';
export const MISSED_KEY = 'red-team:missed';

/**
 * Opens an incident for each guardrail and family with a scenario that gets through, and closes those whose scenarios all
 * hold now: nothing but a run that shows it ends them. A run that came ends the incident that none did.
 */
export async function tellOfScenarios(tx: Tx, runId: string, done: readonly Done[], light: Light): Promise<void> {
  const groups = Map.groupBy(done, ({ scenario }) => `red-team:${scenario.guard}:${scenario.family}`);
  for (const [key, group] of groups) {
    const through = group.filter(({ standing }) => needsIncident(standing));
    const [first] = through;
    if (first !== undefined) await openFor(tx, runId, key, [first, ...through.slice(1)]);
    else if (group.every(({ verdict }) => verdict === 'pass')) {
      await closeByEvidence(tx, { key, evidence: `The red-team run ${runId} found that it holds again.` });
    }
  }
  await closeByEvidence(tx, { key: MISSED_KEY, evidence: `A red-team run ended ${light}.` });
}

async function openFor(tx: Tx, runId: string, key: string, through: readonly [Done, ...(readonly Done[])]) {
  const { guard, family } = through[0].scenario;
  const isCritical = through.some(({ scenario }) => scenario.severity === 'critical');
  const regressed = through.some(({ standing }) => standing === 'regressed');
  await openIncident(tx, {
    kind: 'guardrail-regressed',
    key,
    severity: isCritical ? 'high' : 'medium',
    title: `${FAMILY_WORDS[family]}: the guardrail ${guard} ${regressed ? 'no longer holds' : 'does not hold'}`,
    detail: `Got through in the red-team run: ${through.map(({ scenario }) => scenario.title).join('; ')}.`,
    subject: { runId },
    drill: false,
  });
}

/** The incident of the deliberate failure. */
export function openTripwire({ prisma }: { readonly prisma: Database }, runId: string): Promise<string> {
  return withTx(prisma, async (tx) => {
    const { id } = await openIncident(tx, {
      kind: 'drill',
      key: TRIPWIRE_KEY,
      severity: 'low',
      title: 'Drill: the red team’s tripwire',
      detail: 'A failure on purpose, to show that a failure is noticed. The run ends this incident itself.',
      subject: { runId },
      drill: true,
    });
    return id;
  });
}

export function closeTripwire({ prisma }: { readonly prisma: Database }, runId: string): Promise<readonly string[]> {
  const evidence = `The run ${runId} noticed its own failure.`;
  return withTx(prisma, (tx) => closeByEvidence(tx, { key: TRIPWIRE_KEY, evidence }));
}

/** Says that the weekly run did not come. Once, until one comes. */
export function tellOfMissedRun(prisma: Database): Promise<boolean> {
  return withTx(prisma, async (tx) => {
    const { opened } = await openIncident(tx, {
      kind: 'red-team-missed',
      key: MISSED_KEY,
      severity: 'medium',
      title: 'The weekly red-team run did not come',
      detail: 'No run has finished for more than a week. A run that finishes ends this incident.',
      subject: {},
      drill: false,
    });
    return opened;
  });
}
