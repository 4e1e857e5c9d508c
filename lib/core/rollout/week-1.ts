import type { RolloutFacts } from './facts.ts';
import { count, joined, type RolloutStep, some } from './step.ts';

/** On so many days calls must have been recorded before anything is said about an ordinary hour. */
export const BASELINE_DAYS = 3;
/** An idle log signs anew every minute or so; older than this, nobody signs. */
export const CHECKPOINT_FRESH_S = 900;
/** With so many events before the sequencer the record is behind what happened. */
export const INBOX_BEHIND = 10_000;

/** Inventory, risk tags and the logging baseline. */
export function weekOne(facts: RolloutFacts): readonly RolloutStep[] {
  return [inventory(facts), agents(facts), tags(facts), logging(facts)];
}

function inventory({ servers, tools }: RolloutFacts): RolloutStep {
  const base = { id: 'inventory', title: 'Every server and its tools are registered', proof: '/servers' };
  const look = { act: 'Open Servers', href: '/servers', roles: ['admin'] } as const;
  if (servers.active === 0) {
    const next = {
      text: 'Register the MCP servers your agents use.',
      act: 'Add a server',
      href: '/servers?add=1',
      roles: ['admin'],
    } as const;
    return { ...base, state: 'open', evidence: 'No server is registered.', next };
  }
  const waiting = tools.waiting + tools.drifted;
  const evidence = joined([
    count(servers.active, 'server'),
    `${count(tools.accepted, 'tool')} accepted`,
    some(tools.waiting, (n) => `${n} new`),
    some(tools.drifted, (n) => `${n} changed`),
    some(servers.failing, (n) => `${count(n, 'server')} could not be read`),
  ]);
  if (servers.failing > 0) {
    return {
      ...base,
      state: 'partial',
      evidence,
      next: { ...look, text: 'A server does not answer its scan: see why, or switch it off.' },
    };
  }
  if (waiting > 0) {
    return {
      ...base,
      state: 'partial',
      evidence,
      next: { ...look, text: 'Read the definitions that wait, and accept or leave them.' },
    };
  }
  if (tools.accepted === 0) {
    return {
      ...base,
      state: 'partial',
      evidence,
      next: { ...look, text: 'Scan the servers and accept what you find.' },
    };
  }
  return { ...base, state: 'done', evidence, next: null };
}

function agents({ agents: { active, seen } }: RolloutFacts): RolloutStep {
  const base = { id: 'agents', title: 'Every agent has an identity of its own', proof: '/agents' };
  if (active === 0) {
    const next = {
      text: 'Make one identity for each agent, with a person who owns it.',
      act: 'Create an agent',
      href: '/agents?add=1',
      roles: ['admin'],
    } as const;
    return { ...base, state: 'open', evidence: 'No agent is registered.', next };
  }
  const evidence = joined([count(active, 'active agent'), `${seen} seen in 30 days`]);
  if (seen >= active) return { ...base, state: 'done', evidence, next: null };
  const next = {
    text: 'Connect the agents that were never seen, or revoke them.',
    act: 'Open Agents',
    href: '/agents',
    roles: ['admin'],
  } as const;
  return { ...base, state: 'partial', evidence, next };
}

function tags({ tools, high, medium, low }: RolloutFacts): RolloutStep {
  const base = { id: 'tags', title: 'Every tool has a tier and a class', proof: '/servers' };
  const next = { act: 'Open Servers', href: '/servers', roles: ['admin'] } as const;
  if (tools.accepted === 0) {
    return {
      ...base,
      state: 'open',
      evidence: 'No tool is accepted yet.',
      next: { ...next, text: 'A tool gets its tier when it is accepted.' },
    };
  }
  const evidence = joined([
    `${high.tools} high`,
    `${medium.tools} medium`,
    `${low.tools} low`,
    tools.unclassified === 0 ? 'none without a class' : `${tools.unclassified} without a class`,
  ]);
  if (tools.unclassified === 0) return { ...base, state: 'done', evidence, next: null };
  return {
    ...base,
    state: 'partial',
    evidence,
    next: { ...next, text: 'Say of the others what they do: rules and the kill switch go by class.' },
  };
}

function logging({ log }: RolloutFacts): RolloutStep {
  const base = { id: 'logging', title: 'The log has a baseline', proof: '/audit' };
  if (log.calls === 0) {
    const next = {
      text: 'Connect an agent; each call of it is recorded, also what runs unasked.',
      act: 'Open Agents',
      href: '/agents',
      roles: [],
    };
    return { ...base, state: 'open', evidence: 'No call was recorded in 30 days.', next };
  }
  const evidence = joined([
    `${count(log.calls, 'call')} on ${count(log.days, 'day')} of 30`,
    log.checkpointAgeS === null ? 'no signed checkpoint' : `signed ${spanWords(log.checkpointAgeS)} ago`,
    some(log.waiting, (n) => `${count(n, 'event')} on the way in`),
  ]);
  const look = { act: 'Open Audit', href: '/audit', roles: [] };
  if (log.checkpointAgeS === null || log.checkpointAgeS > CHECKPOINT_FRESH_S || log.waiting > INBOX_BEHIND) {
    const text = 'The record is behind, or nobody signs it: see whether a worker runs (countersign doctor).';
    return { ...base, state: 'partial', evidence, next: { ...look, text } };
  }
  if (log.days < BASELINE_DAYS) {
    const text = `Let the agents work: an ordinary hour is known after ${BASELINE_DAYS} days.`;
    return { ...base, state: 'partial', evidence, next: { ...look, text } };
  }
  return { ...base, state: 'done', evidence, next: null };
}

/** `9 s`, `4 min`, `3 h`, `2 d`: one unit, rounded down. */
function spanWords(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
