import { err, ok, type Result } from '../result.ts';
import type { Expression } from './charge-condition.ts';
import { CONDITION_NAMES } from './condition-names.ts';

/** Something wrong at an offset of the text. */
export type Finding = { readonly message: string; readonly at: number };

/** What a checked expression depends on. */
export type Checked = {
  readonly names: ReadonlySet<string>;
  readonly patterns: readonly { readonly pattern: string; readonly at: number }[];
};

/** CEL's standard functions; operators are recognised by their underscores. */
const FUNCTIONS = new Set(
  [
    'size contains startsWith endsWith matches int uint double bool bytes string timestamp duration type dyn',
    'getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear',
    'getHours getMinutes getSeconds getMilliseconds',
  ].flatMap((line) => line.split(' ')),
);
const OPERATORS = /^(_.*[_\]]|@in|@not_strictly_false|[!-]_)$/;
const TYPES = new Set(['int', 'uint', 'double', 'bool', 'bytes', 'string', 'list', 'map', 'null_type', 'type']);

type Walk = {
  readonly placeOf: (id: bigint) => number;
  readonly names: Set<string>;
  readonly patterns: { readonly pattern: string; readonly at: number }[];
};

/** Finds names, fields and functions that do not exist: the evaluator would only err on them, call after call. */
export function checkExpression(expression: Expression, placeOf: (id: bigint) => number): Result<Checked, Finding> {
  const walk: Walk = { placeOf, names: new Set(), patterns: [] };
  const finding = check(expression, new Set(), walk);
  return finding === null ? ok({ names: walk.names, patterns: walk.patterns }) : err(finding);
}

function check(expression: Expression | undefined, bound: ReadonlySet<string>, walk: Walk): Finding | null {
  if (expression === undefined) return null;
  const { exprKind } = expression;
  const wrong = (message: string): Finding => ({ message, at: walk.placeOf(expression.id) });
  switch (exprKind.case) {
    case 'identExpr':
      return checkName(exprKind.value.name, bound, walk, wrong);
    case 'selectExpr': {
      const { operand, field } = exprKind.value;
      const root = operand?.exprKind;
      if (root?.case === 'identExpr' && !bound.has(root.value.name)) {
        const fields = Object.hasOwn(CONDITION_NAMES, root.value.name) ? CONDITION_NAMES[root.value.name] : null;
        if (fields && !fields.includes(field)) {
          return wrong(`\`${root.value.name}\` has no \`${field}\`; it has ${fields.join(', ')}.`);
        }
      }
      return check(operand, bound, walk);
    }
    case 'callExpr': {
      const { function: name, target, args } = exprKind.value;
      if (!FUNCTIONS.has(name) && !OPERATORS.test(name)) return wrong(`There is no function \`${name}\`.`);
      if (name === 'matches') {
        const pattern = literalText(args[0]);
        if (pattern === null)
          return wrong('The pattern of `matches` must be written out: a call may not bring its own.');
        walk.patterns.push({ pattern, at: walk.placeOf(args[0]?.id ?? expression.id) });
      }
      return first([target, ...args], (part) => check(part, bound, walk));
    }
    case 'listExpr':
      return first(exprKind.value.elements, (part) => check(part, bound, walk));
    case 'structExpr':
      if (exprKind.value.messageName !== '') return wrong('Messages cannot be made here.');
      return first(exprKind.value.entries, (entry) => {
        const key = entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined;
        return check(key, bound, walk) ?? check(entry.value, bound, walk);
      });
    case 'comprehensionExpr': {
      const { iterRange, accuInit, iterVar, accuVar, loopCondition, loopStep, result } = exprKind.value;
      if (Object.hasOwn(CONDITION_NAMES, iterVar)) return wrong(`\`${iterVar}\` is taken; name the element otherwise.`);
      const inner = new Set([...bound, iterVar, accuVar]);
      return (
        first([iterRange, accuInit], (part) => check(part, bound, walk)) ??
        first([loopCondition, loopStep, result], (part) => check(part, inner, walk))
      );
    }
    case 'constExpr':
      return null;
    case undefined:
      return wrong('Something is missing here.');
  }
}

function checkName(
  name: string,
  bound: ReadonlySet<string>,
  walk: Walk,
  wrong: (message: string) => Finding,
): Finding | null {
  if (bound.has(name) || TYPES.has(name)) return null;
  if (!Object.hasOwn(CONDITION_NAMES, name)) {
    return wrong(`There is no \`${name}\`; a condition knows ${Object.keys(CONDITION_NAMES).join(', ')}.`);
  }
  walk.names.add(name);
  return null;
}

function literalText(expression: Expression | undefined): string | null {
  if (expression?.exprKind.case !== 'constExpr') return null;
  const { constantKind } = expression.exprKind.value;
  return constantKind.case === 'stringValue' ? constantKind.value : null;
}

function first<T>(parts: readonly T[], find: (part: T) => Finding | null): Finding | null {
  for (const part of parts) {
    const finding = find(part);
    if (finding !== null) return finding;
  }
  return null;
}
