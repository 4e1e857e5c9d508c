import { EmptyState } from '#components/ui/empty-state.tsx';

/** In place of incidents, for somebody who decides calls and nothing else. */
export function ForSecurity() {
  return (
    <EmptyState title="Incidents are for security and admins">
      One may be about somebody who decides. What you see and find odd, tell security.
    </EmptyState>
  );
}
