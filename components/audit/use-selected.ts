'use client';

import { useQuery } from '@tanstack/react-query';
import { fetching, withQuery } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type AuditPage, type AuditRow, auditPageSchema } from '#lib/contracts/audit.ts';

/** The entry that is opened: from the rows at hand, else fetched, so that a permalink opens at any depth of the log. */
export function useSelected(seq: string | null, rows: readonly AuditRow[]) {
  const loaded = rows.find((row) => row.seq === seq);
  const valid = seq !== null && /^[0-9]{1,15}$/.test(seq);
  const query = useQuery({
    queryKey: queryKeys.audit.entry(seq ?? ''),
    queryFn: fetching(
      withQuery('/api/v1/audit', { cursor: valid ? String(BigInt(seq) + 1n) : '', limit: 1 }),
      auditPageSchema,
    ),
    enabled: valid && loaded === undefined,
    staleTime: Number.POSITIVE_INFINITY,
    select: (page: AuditPage) => page.items.find((row) => row.seq === seq) ?? null,
  });
  if (seq === null) return { kind: 'none' } as const;
  if (loaded !== undefined) return { kind: 'row', row: loaded } as const;
  if (query.data) return { kind: 'row', row: query.data } as const;
  if (query.isPending && valid) return { kind: 'loading' } as const;
  return { kind: 'missing' } as const;
}
