import { parse } from '@bufbuild/cel';
import { RE2JS } from '@bufbuild/re2';
import { err, ok, type Result } from '../result.ts';
import { chargeFor, type Expression } from './charge-condition.ts';
import { checkExpression, type Finding } from './check-condition.ts';

/** Why a condition was refused, and where in its text (both counted from 1). */
export type ConditionProblem = { readonly message: string; readonly line: number; readonly column: number };

/** A condition as read: ready to be planned, with the names it depends on and its patterns compiled. */
export type ReadCondition = {
  readonly expression: Expression;
  readonly names: ReadonlySet<string>;
  readonly patterns: ReadonlyMap<string, RE2JS>;
};

const LONGEST = 2_000;
const DEEPEST = 50;

/** Reads and checks the text of a condition. Refuses rather than guesses: a rule that means something else is worse than none. */
export function readCondition(source: string): Result<ReadCondition, ConditionProblem> {
  if (source.length > LONGEST)
    return refuse(source, { message: `A condition has at most ${LONGEST} characters.`, at: 0 });
  if (source.trim() === '') return refuse(source, { message: 'The condition is empty.', at: 0 });
  const deep = tooDeepAt(source);
  // The parser descends with every bracket; a text of brackets would exhaust the stack.
  if (deep !== null) return refuse(source, { message: `Brackets nest deeper than ${DEEPEST}.`, at: deep });
  let read: ReturnType<typeof parse>;
  try {
    read = parse(source);
  } catch (cause) {
    return refuse(source, syntaxFinding(cause));
  }
  const { expr, sourceInfo } = read;
  if (expr === undefined) return refuse(source, { message: 'The condition is empty.', at: 0 });
  const placeOf = (id: bigint) => sourceInfo?.positions[String(id)] ?? 0;
  const checked = checkExpression(expr, placeOf);
  if (!checked.ok) return refuse(source, checked.error);
  const patterns = new Map<string, RE2JS>();
  for (const { pattern, at } of checked.value.patterns) {
    try {
      patterns.set(pattern, RE2JS.compile(pattern));
    } catch {
      return refuse(source, { message: 'This pattern is not a regular expression that RE2 understands.', at });
    }
  }
  return ok({ expression: chargeFor(expr), names: checked.value.names, patterns });
}

function refuse(source: string, finding: Finding): { readonly ok: false; readonly error: ConditionProblem } {
  const before = source.slice(0, finding.at).split('\n');
  return err({ message: finding.message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
}

/** Counts brackets wherever they stand, also in strings: simple, and no honest condition comes near the bound. */
function tooDeepAt(source: string): number | null {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const letter = source[at];
    if (letter === '(' || letter === '[' || letter === '{') depth++;
    else if (letter === ')' || letter === ']' || letter === '}') depth--;
    if (depth > DEEPEST) return at;
  }
  return null;
}

/** What the parser said, without the place that it puts in front. */
function syntaxFinding(cause: unknown): Finding {
  if (!(cause instanceof Error)) return { message: 'This is not a CEL expression.', at: 0 };
  const said = cause.message.replace(/^<input>:\d+:\d+: /, '');
  // Where nearly anything could follow, the list of it says nothing.
  const message = said.length > 120 ? said.replace(/ but expecting .*$/s, '') : said;
  return { message: `This is not a CEL expression: ${message}.`, at: offsetOf(cause) };
}

function offsetOf(cause: Error): number {
  if (!('location' in cause) || typeof cause.location !== 'object' || cause.location === null) return 0;
  const { location } = cause;
  if (!('start' in location) || typeof location.start !== 'object' || location.start === null) return 0;
  return 'offset' in location.start && typeof location.start.offset === 'number' ? location.start.offset : 0;
}
