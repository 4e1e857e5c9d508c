import type { Rule } from '#lib/core/policies/rule.ts';
import { fileDuration } from './durations.ts';

/** A rule's members under the names of countersign.yaml, in the order in which people read them. */
function fileMembers(rule: Rule): readonly (readonly [string, unknown])[] {
  const { agents, servers, tools, tiers, classes, tainted, inspectable, time } = rule.when;
  const members: readonly (readonly [string, unknown])[] = [
    ['name', rule.name],
    ['description', rule.description],
    ['when', { agents, servers, tools, tier: tiers, class: classes, taint: tainted, inspectable, time }],
    ['if', rule.if],
    ['then', rule.then],
    ['frees', rule.frees],
    ['quorum', rule.quorum],
    ['from', rule.from],
    ['factors', rule.factors],
    ['expires', timeOf(rule.expiresInS)],
    ['approvedFor', timeOf(rule.approvedForS)],
    ['voteFor', timeOf(rule.voteTtlS)],
    ['undo', timeOf(rule.undoS)],
    ['stepUp', rule.stepUp],
    ['escalate', rule.escalate?.map((step) => ({ after: fileDuration(step.afterS), groups: step.groups }))],
    ['mode', rule.mode],
    ['observeUntil', rule.observeUntil],
  ];
  return members.filter(([, value]) => value !== undefined);
}

function timeOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : fileDuration(seconds);
}

const PLAIN = /^[a-z][a-z0-9_-]*$/i;
/** Words that YAML readers take for something else than text. */
const TAKEN = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** A value in YAML's flow style. Text that could be read as anything else is quoted as JSON, which YAML contains. */
function flow(value: unknown): string {
  if (typeof value === 'string') return PLAIN.test(value) && !TAKEN.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const inner = Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [`${key}: ${flow(one)}`]));
    return inner.length === 0 ? '{}' : `{ ${inner.join(', ')} }`;
  }
  return JSON.stringify(value);
}

/** Rules as the `policies` of countersign.yaml. */
export function rulesAsYaml(rules: readonly Rule[]): string {
  if (rules.length === 0) return 'policies: []\n';
  const blocks = rules.map((rule) =>
    fileMembers(rule)
      .map(([key, value], i) => `${i === 0 ? '  - ' : '    '}${key}: ${flow(value)}`)
      .join('\n'),
  );
  return `policies:\n${blocks.join('\n')}\n`;
}

/** Rules exactly as they are stored and hashed, indented for reading. */
export function rulesAsJson(rules: readonly Rule[]): string {
  return `${JSON.stringify(rules, null, 2)}\n`;
}
