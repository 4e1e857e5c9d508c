import { parse } from '@bufbuild/cel';
import { PRESENT, RANGE, READ_TIME, SEEK, STEP, WEIGH } from './condition-names.ts';

/** A node of the parsed condition. */
export type Expression = NonNullable<ReturnType<typeof parse>['expr']>;

/** Functions that read their arguments from end to end; against a constant the constant bounds the work. */
const READS_ALL = /^(_==_|_!=_|_<_|_<=_|_>_|_>=_|_\+_|@in|startsWith|endsWith|int|double|bool|bytes|string)$/;
const READS_TIME = /^(timestamp|duration)$/;

/**
 * Rewrites a parsed condition so that its cost is counted while it runs, in place, and returns it.
 *
 * Every round of a loop pays, and every value that a function would read from end to end is weighed first: the agent
 * chooses how long lists and texts are, and a loop in a loop over them must not stall the gateway. `has(x.y)` becomes a
 * function of ours, because the evaluator's own says that a key whose value is null is not there.
 */
export function chargeFor(expression: Expression): Expression {
  const { exprKind } = expression;
  switch (exprKind.case) {
    case 'selectExpr': {
      const { operand, field, testOnly } = exprKind.value;
      if (operand === undefined) return expression;
      const charged = chargeFor(operand);
      exprKind.value.operand = charged;
      return testOnly ? call(`${PRESENT}(x, ${JSON.stringify(field)})`, 0, charged) : expression;
    }
    case 'callExpr': {
      const { value } = exprKind;
      const parts = value.target === undefined ? value.args : [value.target, ...value.args];
      const weighs = READS_ALL.test(value.function) && !parts.some(isConstant);
      const [sought, range] = value.args;
      if (value.function === '@in' && !weighs && sought !== undefined && range !== undefined) {
        value.args = [chargeFor(sought), call(`${SEEK}(x)`, 0, chargeFor(range))];
        return expression;
      }
      if (READS_TIME.test(value.function)) {
        value.args = value.args.map((part) => call(`${READ_TIME}(x)`, 0, chargeFor(part)));
        return expression;
      }
      const charged = (part: Expression) => (weighs ? call(`${WEIGH}(x)`, 0, chargeFor(part)) : chargeFor(part));
      if (value.target !== undefined) value.target = charged(value.target);
      value.args = value.args.map(charged);
      return expression;
    }
    case 'listExpr':
      exprKind.value.elements = exprKind.value.elements.map(chargeFor);
      return expression;
    case 'structExpr':
      for (const entry of exprKind.value.entries) {
        if (entry.keyKind.case === 'mapKey') entry.keyKind.value = chargeFor(entry.keyKind.value);
        if (entry.value !== undefined) entry.value = chargeFor(entry.value);
      }
      return expression;
    case 'comprehensionExpr': {
      const loop = exprKind.value;
      if (loop.iterRange !== undefined) loop.iterRange = call(`${RANGE}(x)`, 0, chargeFor(loop.iterRange));
      if (loop.accuInit !== undefined) loop.accuInit = chargeFor(loop.accuInit);
      if (loop.loopStep !== undefined) loop.loopStep = chargeFor(loop.loopStep);
      if (loop.result !== undefined) loop.result = chargeFor(loop.result);
      if (loop.loopCondition !== undefined)
        loop.loopCondition = call(`${STEP}() && x`, 1, chargeFor(loop.loopCondition));
      return expression;
    }
    case 'identExpr':
    case 'constExpr':
    case undefined:
      return expression;
  }
}

function isConstant(part: Expression): boolean {
  return part.exprKind.case === 'constExpr';
}

/** A call written as text, with one argument put in its place: nodes are the parser's to make. */
function call(text: string, at: number, argument: Expression): Expression {
  const made = parse(text).expr;
  if (made?.exprKind.case !== 'callExpr') throw new Error(`${text} is not a call`);
  made.exprKind.value.args[at] = argument;
  return made;
}
