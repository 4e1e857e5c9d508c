'use client';

import { cx } from '#components/ui/class-names.ts';
import type { Write } from '#lib/client/use-write.ts';
import type { ChannelTest } from '#lib/contracts/notice-shapes.ts';

/** What came of a test, said where the button is; a screen reader hears it. */
export function TestResult({ write }: { readonly write: Write<undefined, ChannelTest> }) {
  const { answer, problem } = write;
  const failed = problem !== null || answer?.ok === false;
  return (
    <p role="status" className={cx('font-medium text-xs empty:hidden', failed ? 'text-high' : 'text-low')}>
      {problem !== null ? `${problem.title}. ${problem.next}` : (answer?.detail ?? '')}
    </p>
  );
}
