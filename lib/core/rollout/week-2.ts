import type { RolloutFacts, TierFacts } from './facts.ts';
import { count, joined, type RolloutStep, some } from './step.ts';

/** With fewer decisions nobody knows whether people answer in time. */
export const FEWEST_DECISIONS = 5;
/** More than this part of the requests running out says that people are not reached, or asked too much. */
export const MOST_EXPIRED = 0.2;

/** Approval gates for medium and high tools, and the people behind them. */
export function weekTwo(facts: RolloutFacts): readonly RolloutStep[] {
  return [reviewers(facts), gate('high', facts), gate('medium', facts), decisions(facts), told(facts), rules(facts)];
}

function reviewers({ reviewers: people }: RolloutFacts): RolloutStep {
  const base = { id: 'reviewers', title: 'Two people can decide', proof: '/people' };
  const next = { act: 'Invite somebody', href: '/people', roles: ['admin'] } as const;
  if (people === 0) {
    return {
      ...base,
      state: 'open',
      evidence: 'Nobody holds the role reviewer.',
      next: { ...next, text: 'Without a reviewer every held call runs out.' },
    };
  }
  if (people === 1) {
    const text = 'Alone you decide calls of your own agents. With two, loosening a rule takes both.';
    return { ...base, state: 'partial', evidence: 'One reviewer: separation is solo.', next: { ...next, text } };
  }
  return { ...base, state: 'done', evidence: joined([count(people, 'reviewer')]), next: null };
}

function gate(tier: 'high' | 'medium', facts: RolloutFacts): RolloutStep {
  const { tools, held, ran }: TierFacts = facts[tier];
  const base = { id: `gate-${tier}`, title: `Calls of ${tier} tier wait for a person`, proof: `/audit?tier=${tier}` };
  if (tools === 0) {
    return { ...base, state: 'not-applicable', evidence: `No tool of ${tier} tier can be called.`, next: null };
  }
  const running = facts.windows.filter((window) => window.running);
  const all = running.some(({ scope }) => scope === 'control:approvals');
  const parts = running.filter(({ scope }) => /^(server|rule):/.test(scope)).length;
  const evidence = joined([
    `${count(tools, 'tool')}`,
    `${count(held, 'call')} held in 30 days`,
    some(ran, (n) => `${n.toLocaleString('en-US')} ran without a request`),
    all ? 'approvals are in observe' : null,
    all ? null : some(parts, (n) => `${count(n, 'server or rule', 'servers or rules')} in observe`),
  ]);
  const observing = {
    text: 'Look at what would have been held, then enforce.',
    act: 'Go to the controls',
    href: '#controls',
    roles: ['admin', 'security'],
  } as const;
  if (all || parts > 0) return { ...base, state: 'partial', evidence, next: observing };
  if (held === 0) {
    const text =
      ran > 0
        ? 'Everything ran by a grant, a rule that frees, or in observe: see which.'
        : 'Enforced, but not yet seen: have an agent use such a tool.';
    const next = { text, act: 'Open the log', href: base.proof, roles: [] };
    return { ...base, state: ran > 0 ? 'partial' : 'open', evidence, next };
  }
  if (ran > held) {
    const next = {
      text: 'More ran without a request than with one: see which grants and rules free them.',
      act: 'Open Policies',
      href: '/policies',
      roles: [],
    };
    return { ...base, state: 'partial', evidence, next };
  }
  return { ...base, state: 'done', evidence, next: null };
}

function decisions({ decisions: { decided, expired } }: RolloutFacts): RolloutStep {
  const base = { id: 'decisions', title: 'People decide in time', proof: '/approvals?folder=history' };
  const total = decided + expired;
  const open = { act: 'Open Approvals', href: '/approvals', roles: ['reviewer'] } as const;
  if (total === 0) {
    return {
      ...base,
      state: 'open',
      evidence: 'Nothing was decided in 30 days.',
      next: { ...open, text: 'Decide the first held call.' },
    };
  }
  const evidence = joined([
    `${count(decided, 'request')} decided in 30 days`,
    `${expired.toLocaleString('en-US')} ran out`,
  ]);
  if (expired > total * MOST_EXPIRED) {
    const next = {
      text: 'More than one in five ran out: tell more people, or hold less.',
      act: 'Open Channels',
      href: '/settings/channels',
      roles: ['admin'],
    } as const;
    return { ...base, state: 'partial', evidence, next };
  }
  if (decided < FEWEST_DECISIONS) {
    return {
      ...base,
      state: 'partial',
      evidence,
      next: { ...open, text: `After ${FEWEST_DECISIONS} decisions this says something.` },
    };
  }
  return { ...base, state: 'done', evidence, next: null };
}

function told({ channels }: RolloutFacts): RolloutStep {
  const base = { id: 'told', title: 'Reviewers are told of what waits', proof: '/settings/channels' };
  const next = { act: 'Open Channels', href: '/settings/channels', roles: ['admin'] } as const;
  if (channels.enabled === 0) {
    return {
      ...base,
      state: 'open',
      evidence: 'No channel is switched on.',
      next: { ...next, text: 'Add web push, e-mail, Slack or a webhook.' },
    };
  }
  const evidence = joined([
    `${count(channels.enabled, 'channel')} on`,
    `${channels.delivered} delivered something`,
    some(channels.failing, (n) => `${n} failed last`),
  ]);
  if (channels.failing > 0)
    return { ...base, state: 'partial', evidence, next: { ...next, text: 'See why the last delivery failed.' } };
  if (channels.delivered === 0)
    return { ...base, state: 'partial', evidence, next: { ...next, text: 'Send a test message.' } };
  return { ...base, state: 'done', evidence, next: null };
}

function rules({ policy }: RolloutFacts): RolloutStep {
  const base = { id: 'rules', title: 'Your own rules are in force', proof: '/policies' };
  const next = { act: 'Open Policies', href: '/policies', roles: ['admin'] } as const;
  if (policy.rules === 0) {
    const text = 'The tiers hold what is dangerous already. Say more: two people for a deployment, never this tool.';
    return { ...base, state: 'open', evidence: 'No rule is published; the tiers decide.', next: { ...next, text } };
  }
  const evidence = joined([
    `Version ${policy.version}`,
    count(policy.rules, 'rule'),
    some(policy.observing, (n) => `${n} only in observe`),
  ]);
  if (policy.observing === 0) return { ...base, state: 'done', evidence, next: null };
  return {
    ...base,
    state: 'partial',
    evidence,
    next: { ...next, text: 'Publish the rules that only observe as enforced.' },
  };
}
