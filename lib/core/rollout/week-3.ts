import type { RolloutFacts } from './facts.ts';
import { count, joined, type RolloutStep, some } from './step.ts';

/** A secret that is older was never changed for anybody who left. */
export const SECRET_DAYS = 90;

/** Network allowlists and credential rotation. */
export function weekThree(facts: RolloutFacts): readonly RolloutStep[] {
  return [allowlist(facts), proxy(facts), migration(facts), rotation(facts), agentSecrets(facts)];
}

function allowlist({ servers, egress }: RolloutFacts): RolloutStep {
  const base = { id: 'allowlist', title: 'Only listed destinations are reached', proof: '/egress' };
  if (egress.entries === 0) {
    if (servers.http === 0) {
      return {
        ...base,
        state: 'not-applicable',
        evidence: 'Nothing is on the list, and no server needs it: nothing is reached.',
        next: null,
      };
    }
    const next = {
      text: 'List what your servers stand at; until then they are not reached.',
      act: 'Open Egress',
      href: '/egress',
      roles: ['admin'],
    } as const;
    return {
      ...base,
      state: 'open',
      evidence: `Nothing is on the list; ${count(servers.http, 'server')} by address.`,
      next,
    };
  }
  const evidence = joined([
    `${count(egress.entries, 'destination')} listed`,
    some(egress.endless, (n) => `${n} without an end`),
    egress.refused24h === 0
      ? 'nothing refused in 24 hours'
      : `${count(egress.refused24h, 'other')} refused in 24 hours`,
    some(egress.waiting, (n) => `${n} waiting for an answer`),
  ]);
  if (egress.waiting === 0) return { ...base, state: 'done', evidence, next: null };
  const next = {
    text: 'Answer who asks for a destination that nobody listed.',
    act: 'Open Egress',
    href: '/egress',
    roles: ['admin'],
  } as const;
  return { ...base, state: 'partial', evidence, next };
}

function proxy({ servers, agents, proxiedServers }: RolloutFacts): RolloutStep {
  const base = { id: 'proxy', title: 'Agents and local servers go out through the proxy', proof: '/egress' };
  const all = agents.active + servers.stdio;
  if (all === 0) return { ...base, state: 'not-applicable', evidence: 'No agent and no local server yet.', next: null };
  const routed = agents.proxied + proxiedServers;
  const evidence = joined([
    `${agents.proxied} of ${count(agents.active, 'agent')}`,
    servers.stdio === 0 ? null : `${proxiedServers} of ${count(servers.stdio, 'local server')}`,
  ]).replace(/\.$/, ' seen there in 30 days.');
  if (routed >= all) return { ...base, state: 'done', evidence, next: null };
  const next = {
    text: 'Confine the agents’ hosts, so that the proxy is the only way out.',
    act: 'How to confine',
    href: '/docs/operators#confine-the-agents',
    roles: [],
  };
  return { ...base, state: routed === 0 ? 'open' : 'partial', evidence, next };
}

function migration({ credentials }: RolloutFacts): RolloutStep {
  const base = { id: 'short-lived', title: 'Upstream secrets are short-lived', proof: '/credentials' };
  const { live, migration: long, ended, failing } = credentials;
  if (live === 0) return { ...base, state: 'not-applicable', evidence: 'No server needs a secret.', next: null };
  const next = { act: 'Open Credentials', href: '/credentials', roles: ['admin'] } as const;
  const evidence = joined([
    count(live, 'credential'),
    long === 0 ? 'none only for a migration' : `${long} only for a migration`,
    some(ended, (n) => `${n} ended`),
    some(failing, (n) => `${n} refused upstream`),
  ]);
  if (ended > 0 || failing > 0)
    return {
      ...base,
      state: 'partial',
      evidence,
      next: { ...next, text: 'Give the servers whose secret ended a new one.' },
    };
  if (long === 0) return { ...base, state: 'done', evidence, next: null };
  return {
    ...base,
    state: 'partial',
    evidence,
    next: { ...next, text: 'Replace long-lived secrets by ones that are minted for each hour.' },
  };
}

function rotation({ credentials: { live, rotating } }: RolloutFacts): RolloutStep {
  const base = { id: 'rotation', title: 'Upstream secrets are rotated', proof: '/credentials' };
  if (live === 0) return { ...base, state: 'not-applicable', evidence: 'No server needs a secret.', next: null };
  const evidence = `${rotating} of ${count(live, 'credential')} rotated in ${SECRET_DAYS} days, or by schedule.`;
  if (rotating >= live) return { ...base, state: 'done', evidence, next: null };
  const next = {
    text: 'Rotate once by hand, then let a schedule do it.',
    act: 'Open Credentials',
    href: '/credentials',
    roles: ['admin'],
  } as const;
  return { ...base, state: rotating === 0 ? 'open' : 'partial', evidence, next };
}

function agentSecrets({ agents: { active, oldSecrets } }: RolloutFacts): RolloutStep {
  const base = { id: 'agent-secrets', title: 'Agents’ own secrets are fresh', proof: '/agents' };
  if (active === 0) return { ...base, state: 'not-applicable', evidence: 'No agent is registered.', next: null };
  if (oldSecrets === 0) {
    return {
      ...base,
      state: 'done',
      evidence: `None of ${count(active, 'agent')} has a secret older than ${SECRET_DAYS} days.`,
      next: null,
    };
  }
  const next = {
    text: 'Rotate them; the old secret lives on for the overlap you choose.',
    act: 'Open Agents',
    href: '/agents',
    roles: ['admin'],
  } as const;
  return {
    ...base,
    state: 'partial',
    evidence: `${oldSecrets} of ${count(active, 'agent')} with a secret older than ${SECRET_DAYS} days.`,
    next,
  };
}
