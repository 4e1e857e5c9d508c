import { toVisible } from '#lib/core/text/visible.ts';
import { EXIT, type Outcome } from '../outcome.ts';
import { type Finding, isBad } from './finding.ts';

const MARKS = { good: 'ok  ', bad: 'BAD ', unknown: '?   ' } as const;

/** What the findings come to: refused as soon as one of them is bad. */
export function conclude(findings: readonly Finding[]): Outcome {
  const bad = findings.filter(isBad).length;
  return {
    exit: bad === 0 ? EXIT.ok : EXIT.refused,
    data: { findings, bad },
    lines: [
      ...findings.map(({ check, state, sentence }) => toVisible(`${MARKS[state]} ${check.padEnd(12)} ${sentence}`)),
      bad === 0 ? 'Nothing bad was found.' : `${bad} check(s) failed.`,
    ],
  };
}
