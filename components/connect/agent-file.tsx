'use client';

import { useQuery } from '@tanstack/react-query';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { queryKeys } from '#lib/client/query-keys.ts';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { type AgentFileOffer, agentFileCommands } from './agent-file-commands.ts';

/** The bridge for an agent's machine, with the hash to check it against. Absent where the file has not been built. */
export function AgentFileCommands({ agent }: { readonly agent: AgentDetail }) {
  const { data } = useQuery({
    queryKey: queryKeys.agents.file,
    queryFn: readOffer,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data === undefined || data === null) return null;
  return (
    <div className="grid grid-cols-1 gap-3">
      <p className="max-w-[68ch] text-ink-2">
        Or let the bridge fetch its tokens. Save the agent’s secret there as{' '}
        <code className="text-xs">{`${agent.name}.secret`}</code>, readable by its owner only, and run:
      </p>
      <CodeBlock label="On the agent’s machine" text={agentFileCommands(agent, data)} />
    </div>
  );
}

async function readOffer({ signal }: { readonly signal: AbortSignal }): Promise<AgentFileOffer | null> {
  const answer = await fetch('/download/countersign.mjs.sha256', { signal, redirect: 'error', cache: 'no-store' });
  const sha256 = /^([0-9a-f]{64}) /.exec(answer.ok ? await answer.text() : '')?.[1];
  return sha256 === undefined ? null : { origin: window.location.origin, sha256 };
}
