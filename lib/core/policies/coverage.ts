import { ACTION_CLASSES, type ActionClass, TIERS, type Tier } from '../risk/types.ts';
import { globsApart, globWithin } from './glob.ts';
import type { Rule } from './rule.ts';

/** A block of calls: one pattern of each kind, one tier, one class (null: any), tainted or not, inspectable or not (null: either). */
export type Cell = {
  readonly agent: string;
  readonly server: string;
  readonly tool: string;
  readonly tier: Tier;
  readonly actionClass: ActionClass | null;
  readonly tainted: boolean;
  readonly inspectable: boolean | null;
  /** The rule that the block belongs to: its window, condition and begin of force bound the block further. */
  readonly of: Rule;
};

/** More blocks than that are not taken apart; whoever asks must assume the worst. */
const MOST_CELLS = 6_000;

/**
 * A rule's calls as blocks, or null where that would be too many. Only where a rule `among` which it is judged asks whether
 * calls can be inspected, those that can and those that cannot are told apart.
 */
export function cellsOf(rule: Rule, among: readonly Rule[]): readonly Cell[] | null {
  const { when } = rule;
  const parts = [patterns(when.agents), patterns(when.servers), patterns(when.tools)] as const;
  const tiers = some(when.tiers) ?? TIERS;
  const classes: readonly (ActionClass | null)[] = some(when.classes) ?? [null];
  const taints = when.tainted === undefined ? [false, true] : [when.tainted];
  const asked = among.some((other) => other.when.inspectable !== undefined);
  const readings = when.inspectable === undefined ? (asked ? [false, true] : [null]) : [when.inspectable];
  const kinds = tiers.length * classes.length * taints.length * readings.length;
  const count = parts.reduce((product, part) => product * part.length, kinds);
  if (count > MOST_CELLS) return null;
  const cells: Cell[] = [];
  for (const agent of parts[0]) {
    for (const server of parts[1]) {
      for (const tool of parts[2]) {
        for (const tier of tiers) {
          for (const actionClass of classes) {
            for (const tainted of taints) {
              for (const inspectable of readings) {
                cells.push({ agent, server, tool, tier, actionClass, tainted, inspectable, of: rule });
              }
            }
          }
        }
      }
    }
  }
  return cells;
}

/**
 * Whether a rule surely matches every call of a block, and is in force whenever the block's own rule is.
 *
 * A condition or window of its own must be the block's, letter for letter. Says no when it cannot tell.
 */
export function covers(rule: Rule, cell: Cell, nowMs: number): boolean {
  const { when } = rule;
  return (
    (rule.if === undefined || rule.if === cell.of.if) &&
    (when.time === undefined || JSON.stringify(when.time) === JSON.stringify(cell.of.when.time)) &&
    (when.tainted === undefined || when.tainted === cell.tainted) &&
    (when.inspectable === undefined || when.inspectable === cell.inspectable) &&
    inForceFrom(rule, nowMs) <= inForceFrom(cell.of, nowMs) &&
    listed(when.tiers, rule, (tiers) => tiers.includes(cell.tier)) &&
    listed(when.classes, rule, (classes) =>
      cell.actionClass === null ? ACTION_CLASSES.every((c) => classes.includes(c)) : classes.includes(cell.actionClass),
    ) &&
    listed(when.agents, rule, (agents) => agents.some((agent) => globWithin(cell.agent, agent))) &&
    listed(when.servers, rule, (servers) => servers.some((server) => globWithin(cell.server, server))) &&
    listed(when.tools, rule, (tools) => tools.some((tool) => toolWithin(cell.tool, tool)))
  );
}

/** Whether a rule may match some call of a block. Says yes when it cannot tell. */
export function meets(rule: Rule, cell: Cell): boolean {
  const { when } = rule;
  return (
    (when.tainted === undefined || when.tainted === cell.tainted) &&
    (when.inspectable === undefined || cell.inspectable === null || when.inspectable === cell.inspectable) &&
    listed(when.tiers, rule, (tiers) => tiers.includes(cell.tier)) &&
    listed(when.classes, rule, (classes) => cell.actionClass === null || classes.includes(cell.actionClass)) &&
    listed(when.agents, rule, (agents) => agents.some((agent) => !globsApart(cell.agent, agent))) &&
    listed(when.servers, rule, (servers) => servers.some((server) => !globsApart(cell.server, server))) &&
    // A qualified name and a plain one can be the same tool; only two plain names are comparable here.
    listed(when.tools, rule, (tools) =>
      tools.some((tool) => tool.includes('__') || cell.tool.includes('__') || !globsApart(cell.tool, tool)),
    )
  );
}

/** Whether two rules may match the same call. Says yes when it cannot tell; one look that spares many at blocks. */
export function mayMeet(a: Rule, b: Rule): boolean {
  return (
    overlap(a.when.tools, b.when.tools, (x, y) => x.includes('__') || y.includes('__') || !globsApart(x, y)) &&
    overlap(a.when.servers, b.when.servers, (x, y) => !globsApart(x, y)) &&
    overlap(a.when.agents, b.when.agents, (x, y) => !globsApart(x, y))
  );
}

function overlap(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
  meet: (x: string, y: string) => boolean,
): boolean {
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return true;
  return a.some((x) => b.some((y) => meet(x, y)));
}

/** From when a rule decides: always, or from the end of its observation; the past does not matter. */
export function inForceFrom(rule: Rule, nowMs: number): number {
  if (rule.mode !== 'observe' || rule.observeUntil === undefined) return nowMs;
  const until = Date.parse(rule.observeUntil);
  return Number.isNaN(until) ? nowMs : Math.max(until, nowMs);
}

/** An empty list is an error of the rule: met for deny and hold, unmet for allow. */
function listed<T>(list: readonly T[] | undefined, rule: Rule, test: (list: readonly T[]) => boolean): boolean {
  if (list === undefined) return true;
  return list.length === 0 ? rule.then !== 'allow' : test(list);
}

function toolWithin(inner: string, outer: string): boolean {
  // With `__` the inner one also matches by server and tool together; only such a pattern, or any tool, takes that in.
  if (inner.includes('__') && !outer.includes('__')) return /^\*+$/.test(outer);
  return globWithin(inner, outer);
}

function patterns(list: readonly string[] | undefined): readonly string[] {
  return some(list) ?? ['*'];
}

function some<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : [...new Set(list)];
}
