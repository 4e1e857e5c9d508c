'use client';

import { ConnectPanel } from '#components/connect/connect-panel.tsx';
import { FirstCall } from '#components/connect/first-call.tsx';
import { useAgent } from '#components/connect/use-connection.ts';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';

/** The configuration of the newest agent, in the step that waits for its first call. */
export function ConnectStep({ name }: { readonly name: string }) {
  const query = useAgent(name);
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-64" />}>
      {(agent) => (
        <div className="grid grid-cols-1 gap-3">
          <FirstCall agent={agent} />
          <ConnectPanel agent={agent} />
        </div>
      )}
    </Loaded>
  );
}
