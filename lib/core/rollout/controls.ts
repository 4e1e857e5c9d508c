import type { RolloutFacts, RolloutWindow } from './facts.ts';
import { agoWords, count, joined, some } from './step.ts';

export const CONTROL_IDS = [
  'blast-radius',
  'approvals',
  'identities',
  'egress',
  'audit',
  'credentials',
  'kill-switch',
  'adversarial-tests',
] as const;
export type ControlId = (typeof CONTROL_IDS)[number];

/** `observed`: recorded, without effect; `partly`: for some of what it is about; `off`: nothing of it runs yet. */
export type ControlMode = 'enforced' | 'partly' | 'observed' | 'off';

export type RolloutControl = {
  readonly id: ControlId;
  readonly title: string;
  readonly mode: ControlMode;
  readonly evidence: string;
  readonly proof: string;
  /** What can be put in observe of it; none: it cannot be tried out by leaving it off. */
  readonly scopes: readonly string[];
};

/** Whether a window weakens a control. One over a server lifts what is held and refused there, and its schemas. */
export function weakens(scope: string, id: ControlId): boolean {
  const [kind] = scope.split(':');
  if (id === 'approvals')
    return kind === 'rule' || kind === 'server' || scope === 'control:approvals' || scope === 'control:policies';
  return id === 'blast-radius' && (kind === 'server' || scope === 'control:arguments');
}

/** Whether something of a control is recorded without effect now. Not all that runs in part is in observe. */
export function isWeakened({ mode, scopes }: Pick<RolloutControl, 'mode' | 'scopes'>): boolean {
  return scopes.length > 0 && (mode === 'observed' || mode === 'partly');
}

/** The eight controls as they stand now. */
export function judgeControls(facts: RolloutFacts): readonly RolloutControl[] {
  const { tools, agents, log, egress, credentials, policy, high, medium, calibration, redTeam, drillAgeDays } = facts;
  const running = facts.windows.filter((window) => window.running);
  return [
    {
      id: 'blast-radius',
      title: 'Blast radius',
      mode: weakenedMode('blast-radius', running, false),
      evidence: joined([
        `${high.tools} high, ${medium.tools} medium and ${facts.low.tools} low tools`,
        `${tools.waiting + tools.drifted} stopped until accepted`,
      ]),
      proof: '/servers',
      scopes: ['control:arguments'],
    },
    {
      id: 'approvals',
      title: 'Default-deny for high risk',
      mode: weakenedMode('approvals', running, policy.observing > 0),
      evidence: joined([
        `${count(high.held + medium.held, 'call')} held in 30 days`,
        some(policy.observing, (n) => `${count(n, 'rule')} in observe by the policy`),
      ]),
      proof: '/policies',
      scopes: ['control:approvals', 'control:policies'],
    },
    {
      id: 'identities',
      title: 'Agents and people apart',
      mode: 'enforced',
      evidence: joined([
        count(agents.active, 'active agent'),
        `${count(facts.reviewers, 'reviewer')}`,
        'no token is good for both',
      ]),
      proof: '/agents',
      scopes: [],
    },
    {
      id: 'egress',
      title: 'Egress allowlist',
      mode: 'enforced',
      evidence: joined([
        `${count(egress.entries, 'destination')} listed`,
        `${count(egress.refused24h, 'other')} refused in 24 hours`,
      ]),
      proof: '/egress',
      scopes: [],
    },
    {
      id: 'audit',
      title: 'Audit per call',
      mode: 'enforced',
      evidence: joined([
        `${count(log.calls, 'call')} recorded in 30 days`,
        `${count(log.waiting, 'event')} on the way in`,
      ]),
      proof: '/audit',
      scopes: [],
    },
    {
      id: 'credentials',
      title: 'Time-boxed credentials',
      mode: 'enforced',
      evidence: joined([count(credentials.live, 'credential'), `${credentials.migration} only for a migration`]),
      proof: '/credentials',
      scopes: [],
    },
    {
      id: 'kill-switch',
      title: 'Kill switch',
      mode: 'enforced',
      evidence: drillAgeDays === null ? 'Armed; never rehearsed.' : `Armed; rehearsed ${agoWords(drillAgeDays)}.`,
      proof: '/kill-switch',
      scopes: [],
    },
    {
      id: 'adversarial-tests',
      title: 'Adversarial tests',
      mode: redTeam.last === null ? 'off' : redTeam.enabled ? 'enforced' : 'partly',
      evidence:
        redTeam.last === null
          ? 'No run was finished.'
          : joined([
              `${redTeam.last.held} of ${count(redTeam.last.counted, 'attack')} held ${agoWords(redTeam.last.ageDays)}`,
              redTeam.enabled ? 'weekly' : 'not scheduled',
              some(calibration.judged, (n) => `reviewers tested with ${count(n, 'plant')}`),
            ]),
      proof: '/red-team',
      scopes: [],
    },
  ];
}

function weakenedMode(id: ControlId, running: readonly RolloutWindow[], byPolicy: boolean): ControlMode {
  if (id === 'approvals' && running.some(({ scope }) => scope === 'control:approvals')) return 'observed';
  return byPolicy || running.some(({ scope }) => weakens(scope, id)) ? 'partly' : 'enforced';
}
