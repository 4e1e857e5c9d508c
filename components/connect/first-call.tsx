'use client';

import { CircleCheck, Radio } from 'lucide-react';
import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { cx } from '#components/ui/class-names.ts';
import type { AgentDetail, AgentUsage } from '#lib/contracts/agents.ts';
import { useAgentUsage } from './use-connection.ts';

/** Waits with the reader for an agent's first call, and says what became of it the moment it is in the log. */
export function FirstCall({ agent }: { readonly agent: AgentDetail }) {
  const { data } = useAgentUsage(agent.id, true);
  const first = data?.tools[0];
  const seen = first !== undefined;
  const Icon = seen ? CircleCheck : Radio;
  return (
    <div
      role="status"
      className={cx(
        'flex items-start gap-3 rounded-lg border px-3.5 py-3',
        seen ? 'border-low-line bg-low-soft' : 'bg-sunken',
      )}
    >
      <Icon
        aria-hidden="true"
        className={cx(
          'mt-px size-4 shrink-0',
          seen ? 'text-low' : 'animate-breathe text-accent motion-reduce:animate-none',
        )}
      />
      <div className="min-w-0 flex-1">{seen ? <Seen agent={agent} first={first} /> : <Waiting agent={agent} />}</div>
    </div>
  );
}

function Waiting({ agent }: { readonly agent: AgentDetail }) {
  return (
    <>
      <p className="font-semibold">{`Waiting for the first call of ${agent.name}`}</p>
      <p className="max-w-[68ch] text-ink-2">
        {agent.lastSeenAt === null
          ? 'Nothing was heard of it yet. Copy the configuration below, start the agent, and have it use a tool: this changes by itself.'
          : 'It has reached the gateway, and asked for no tool yet. Have it use one: this changes by itself.'}
      </p>
    </>
  );
}

function Seen({ agent, first }: { readonly agent: AgentDetail; readonly first: AgentUsage['tools'][number] }) {
  const waits = agent.pending > 0;
  return (
    <>
      <p className="font-semibold">{`First call of ${agent.name} seen`}</p>
      <p className="text-ink-2">
        <SafeText text={`${first.server} · ${first.tool}`} className="font-mono text-xs" /> {fateOf(first)}{' '}
        {waits ? (
          <Link href="/approvals" className="link">
            Decide it
          </Link>
        ) : (
          <Link href={`/audit?agent=${agent.name}`} className="link">
            See it in the log
          </Link>
        )}
      </p>
    </>
  );
}

function fateOf({ calls, asked }: AgentUsage['tools'][number]): string {
  if (calls > 0) return 'ran.';
  return asked > 0 ? 'was held for a person.' : 'was refused; the log says why.';
}
