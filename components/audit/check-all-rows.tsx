'use client';

import { useEffect, useState } from 'react';
import { Notice } from '#components/ui/notice.tsx';
import { plural } from '#lib/client/format.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { checkRows } from './check-rows.ts';
import { proofKey, type RowProofs } from './row-proof.ts';
import { useTestimony } from './use-testimony.ts';

const ROWS_AT_ONCE = 100;
const REST_MS = 2000;

type Props = {
  readonly rows: readonly AuditRow[];
  readonly proofs: RowProofs;
  readonly onProofs: (add: (known: RowProofs) => RowProofs) => void;
};

/**
 * Proves the rows at hand against the last head this browser has witnessed, a hundred at a time while nothing else is to
 * be done. What cannot be proven is said aloud, above the list.
 */
export function CheckRows({ rows, proofs, onProofs }: Props) {
  const checked = useTestimony().data;
  const kind = checked?.testimony.kind;
  const size = kind === 'consistent' || kind === 'first-seen' ? Number(checked?.size) : 0;
  const root = checked?.root ?? '';
  const [failedAt, setFailedAt] = useState(-1);
  const open = rows.filter((row) => Number(row.seq) < size && !proofs.has(proofKey(row))).slice(0, ROWS_AT_ONCE);
  const work = open.map((row) => row.seq).join();
  const mayAsk = work !== '' && failedAt !== size;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `work` says which rows are open; a head that only grew is no reason to begin anew
  useEffect(() => {
    if (!mayAsk) return;
    return atRest(() => {
      void checkRows(open, { size, root }).then((found) => {
        if (found === null) setFailedAt(size);
        else onProofs((known) => new Map([...known, ...[...found].map(([row, is]) => [proofKey(row), is] as const)]));
      });
    });
  }, [work, mayAsk, onProofs]);
  useEffect(() => {
    // What was proven against a log that turned out to be another one is proven no more.
    if (kind === 'alarm') onProofs(() => new Map());
  }, [kind, onProofs]);
  const broken = rows.filter((row) => proofs.get(proofKey(row)) === 'broken');
  if (broken.length === 0) return null;
  return (
    <Notice
      tone="danger"
      role="alert"
      className="m-3.5"
      title={`${plural(broken.length, 'entry does', 'entries do')} not verify: ${broken
        .slice(0, 10)
        .map((row) => row.seq)
        .join(', ')}`}
    >
      <p>What is shown is not what the log signed at this place. Export the log and tell security.</p>
    </Notice>
  );
}

function atRest(work: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const asked = window.requestIdleCallback(work, { timeout: REST_MS });
    return () => window.cancelIdleCallback(asked);
  }
  const timer = setTimeout(work, REST_MS);
  return () => clearTimeout(timer);
}
