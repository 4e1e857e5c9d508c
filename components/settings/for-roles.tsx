'use client';

import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loading, Skeleton } from '#components/ui/skeleton.tsx';
import { useHasRole } from '#lib/client/use-me.ts';
import type { Role } from '#lib/contracts/shared-shapes.ts';

type ForRolesProps = {
  readonly roles: readonly Role[];
  /** What is behind it, and why it is not for everybody. */
  readonly why: string;
  readonly children: ReactNode;
};

/** A part that only some may read. The server refuses the rest; here they are told whom to ask instead of seeing it fail. */
export function ForRoles({ roles, why, children }: ForRolesProps) {
  const may = useHasRole(...roles);
  if (may === 'yes') return children;
  if (may === 'unknown') {
    return (
      <Loading>
        <Skeleton card className="h-40" />
      </Loading>
    );
  }
  return (
    <Card>
      <EmptyState icon={<Lock aria-hidden="true" />} title={`For ${roles.join(' and ')}`}>
        {why}
      </EmptyState>
    </Card>
  );
}
