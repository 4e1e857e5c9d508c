import type { Failure, Finding } from './verdict.ts';

const MAX_FINDINGS = 100;

/** What is wrong, as it is found. */
export type Findings = {
  readonly add: (finding: Finding | null) => void;
  readonly any: () => boolean;
  readonly verdict: () => Failure;
};

/** Keeps the first hundred, in order of what names an entry, and counts the rest: a shredded log must not fill memory. */
export function collectFindings(): Findings {
  const kept: Finding[] = [];
  let more = 0;
  return {
    add(finding) {
      if (finding === null) return;
      if (kept.length < MAX_FINDINGS) kept.push(finding);
      else more++;
    },
    any: () => kept.length > 0,
    verdict: () => ({
      kind: 'failed',
      findings: kept.toSorted((a, b) => (a.seq ?? Number.MAX_SAFE_INTEGER) - (b.seq ?? Number.MAX_SAFE_INTEGER)),
      more,
    }),
  };
}
