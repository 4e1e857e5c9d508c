import type { RolloutFacts } from './facts.ts';
import { agoWords, count, joined, type RolloutStep, some } from './step.ts';

/** What nobody has done for a quarter, nobody does quickly. */
export const DRILL_DAYS = 90;

/** A weekly run that is a day late was missed. */
export const RUN_DAYS = 8;

/** Attacks of one's own, and what people do when something has happened. */
export function weekFour(facts: RolloutFacts): readonly RolloutStep[] {
  return [redTeam(facts), calibration(facts), drill(facts), runbook(facts)];
}

function redTeam({ redTeam: { enabled, gaps, last } }: RolloutFacts): RolloutStep {
  const base = { id: 'red-team', title: 'Attacks run every week, and none gets through unknown', proof: '/red-team' };
  const next = { act: 'Open Red team', href: '/red-team', roles: ['security', 'admin'] } as const;
  if (last === null) {
    const text = enabled ? 'Wait for the first run, or start one.' : 'Set the red team up, and run it.';
    return { ...base, state: 'open', evidence: 'No run was finished.', next: { ...next, text } };
  }
  const evidence = joined([
    `${last.held} of ${count(last.counted, 'attack')} held ${agoWords(last.ageDays)}`,
    some(gaps, (n) => `${count(n, 'gap')} accepted`),
    enabled ? 'weekly' : 'not scheduled',
  ]);
  if (last.light === 'red') {
    return {
      ...base,
      state: 'partial',
      evidence,
      next: { ...next, text: 'An attack got through: see which, and mend it.' },
    };
  }
  if (!enabled) return { ...base, state: 'partial', evidence, next: { ...next, text: 'Switch the weekly run on.' } };
  if (last.ageDays <= RUN_DAYS) return { ...base, state: 'done', evidence, next: null };
  return { ...base, state: 'partial', evidence, next: { ...next, text: 'The weekly run is late: see why.' } };
}

function calibration({ calibration: { enabled, judged } }: RolloutFacts): RolloutStep {
  const base = { id: 'calibration', title: 'Reviewers are tested with known-bad requests', proof: '/calibration' };
  const next = { act: 'Open Calibration', href: '/calibration', roles: ['security', 'admin'] } as const;
  const evidence = joined([enabled ? 'Planting is on' : 'Planting is off', `${count(judged, 'plant')} judged`]);
  if (enabled && judged > 0) return { ...base, state: 'done', evidence, next: null };
  const text = enabled ? 'Wait for the first, or plant one within the hour.' : 'Switch planting on.';
  return { ...base, state: enabled || judged > 0 ? 'partial' : 'open', evidence, next: { ...next, text } };
}

function drill({ drillAgeDays: age }: RolloutFacts): RolloutStep {
  const base = { id: 'drill', title: 'The kill switch was rehearsed', proof: '/kill-switch' };
  const next = { act: 'Open the kill switch', href: '/kill-switch', roles: ['security', 'admin'] } as const;
  if (age === null) {
    return {
      ...base,
      state: 'open',
      evidence: 'Nothing was ever stopped and restored.',
      next: { ...next, text: 'Stop a scope for a minute, and have two people restore it.' },
    };
  }
  const evidence = `Stopped and restored ${agoWords(age)}.`;
  if (age <= DRILL_DAYS) return { ...base, state: 'done', evidence, next: null };
  return { ...base, state: 'partial', evidence, next: { ...next, text: 'Rehearse it once a quarter.' } };
}

function runbook({ incidents: { untaken, drillAgeDays: age } }: RolloutFacts): RolloutStep {
  const base = { id: 'runbook', title: 'An incident was walked through by its runbook', proof: '/incidents' };
  const next = { act: 'Open Incidents', href: '/incidents', roles: ['security', 'admin'] } as const;
  const evidence = joined([
    age === null ? 'No drill was ever run' : `Last drill ${agoWords(age)}`,
    some(untaken, (n) => `${count(n, 'incident')} that nobody has taken`),
  ]);
  if (untaken > 0) {
    return { ...base, state: 'partial', evidence, next: { ...next, text: 'Take what is open before you rehearse.' } };
  }
  if (age === null) {
    return {
      ...base,
      state: 'open',
      evidence,
      next: { ...next, text: 'Open a drill and follow its runbook to the end.' },
    };
  }
  if (age <= DRILL_DAYS) return { ...base, state: 'done', evidence, next: null };
  return { ...base, state: 'partial', evidence, next: { ...next, text: 'Rehearse it once a quarter.' } };
}
