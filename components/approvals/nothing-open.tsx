'use client';

import { MousePointerClick } from 'lucide-react';
import { KeyHint } from '#components/shell/key-hint.tsx';
import { useInbox } from '#components/shell/pending.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { formatCount, plural } from '#lib/client/format.ts';

/** The right half while no request is open: what the keys do. Nothing opens by itself. */
export function NothingOpen() {
  return (
    <div className="grid h-full place-items-center">
      <EmptyState icon={<MousePointerClick aria-hidden="true" />} title={<Waiting />}>
        <span className="flex flex-wrap items-center justify-center gap-x-1.5 gap-y-1">
          <KeyHint command="j" />
          <KeyHint command="k" /> move <Kbd>Enter</Kbd> opens <KeyHint command="?" /> shows all keys
        </span>
      </EmptyState>
    </div>
  );
}

/** Nothing is called decided before the list was read: until then nobody knows. */
function Waiting() {
  const { query, rows } = useInbox('pending');
  if (query.data === undefined) return query.isError ? 'What waits is not known' : 'No request is open';
  if (rows.length === 0) return 'All decided';
  const high = rows.filter((row) => row.tier === 'high').length;
  return `${plural(rows.length, 'request')} waiting, ${formatCount(high)} of high risk`;
}
