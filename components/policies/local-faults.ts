import type { z } from 'zod';
import { type LintFinding, rulesSchema } from '#lib/contracts/policies.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import type { Line } from './draft-lines.ts';

/** Something wrong or doubtful at a place of the editor; `key` null = the policy as a whole. */
export type Fault = {
  readonly key: number | null;
  /** As lint names places: `if`, `when.tools[0]`; null = the whole rule. */
  readonly field: string | null;
  readonly level: LintFinding['level'];
  readonly sentence: string;
};

/** `['when', 'tools', 0]` as `when.tools[0]`. */
function placeOf(path: readonly PropertyKey[]): string | null {
  if (path.length === 0) return null;
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

/** What is not well-formed, found here at once: such rules are not sent, so nobody else would say it. */
export function localFaults(lines: readonly Line[]): readonly Fault[] {
  const parsed = rulesSchema.safeParse(lines.map((line) => line.rule));
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => {
    const [index, ...rest] = issue.path;
    const line = typeof index === 'number' ? lines[index] : undefined;
    return { key: line?.key ?? null, field: placeOf(rest), level: 'error', sentence: sentenceOf(issue) };
  });
}

type Issue = Pick<z.core.$ZodIssue, 'code' | 'message'> & {
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
};

/** A bound that was missed, in words; where the contract words it itself, its own. */
function sentenceOf({ code, message, origin, minimum, maximum }: Issue): string {
  const isNumber = origin === 'number' || origin === 'int';
  if (code === 'too_small') {
    if (isNumber) return `At least ${minimum}.`;
    return origin === 'array' ? 'Name at least one.' : 'This is empty.';
  }
  if (code === 'too_big') return isNumber ? `At most ${maximum}.` : `This is too long: at most ${maximum}.`;
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
}

/** The findings of lint at the lines they are about: lint knows rules by name. */
export function faultsOf(findings: readonly LintFinding[], lines: readonly Line[]): readonly Fault[] {
  return findings.flatMap(({ rule, field, level, sentence }): readonly Fault[] => {
    if (rule === null) return [{ key: null, field, level, sentence }];
    return lines.filter((line) => line.rule.name === rule).map(({ key }) => ({ key, field, level, sentence }));
  });
}

/** What stands at one place or inside of it. */
function faultsAt(faults: readonly Fault[], place: string): readonly Fault[] {
  return faults.filter(
    ({ field }) =>
      field !== null && (field === place || field.startsWith(`${place}.`) || field.startsWith(`${place}[`)),
  );
}

/** The sentences of the errors at a place as one, or null: what a field shows below itself. */
export function errorAt(faults: readonly Fault[], place: string): string | null {
  const errors = faultsAt(faults, place).filter((fault) => fault.level === 'error');
  return errors.length === 0 ? null : errors.map((fault) => fault.sentence).join(' ');
}

/** Where in a text a sentence says that it fails, when it does: both count from 1. */
export function positionIn(sentence: string): { readonly line: number; readonly column: number } | null {
  const found = /line (\d+),? column (\d+)/i.exec(sentence);
  return found === null ? null : { line: Number(found[1]), column: Number(found[2]) };
}

/** A rule without the members that are undefined, as it is sent and compared. */
export function compact(rules: readonly Rule[]): readonly Rule[] {
  return rulesSchema.parse(JSON.parse(JSON.stringify(rules)));
}
