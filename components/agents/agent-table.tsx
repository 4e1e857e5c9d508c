'use client';

import Link from 'next/link';
import { profileWords } from '#components/connect/client-words.ts';
import { Badge } from '#components/ui/badge.tsx';
import { cx } from '#components/ui/class-names.ts';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import type { AgentSummary } from '#lib/contracts/agent-rows.ts';

export function AgentTable({ agents }: { readonly agents: readonly AgentSummary[] }) {
  const sorted = agents.toSorted((a, b) => a.status.localeCompare(b.status) || a.name.localeCompare(b.name));
  return (
    <Table caption="Agents" reflow>
      <thead>
        <tr>
          <Th>Agent</Th>
          <Th>State</Th>
          <Th>Waiting</Th>
          <Th className="hidden sm:table-cell">May use</Th>
          <Th className="hidden md:table-cell">Ends next</Th>
          <Th>Last seen</Th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((agent) => (
          <Tr key={agent.id}>
            <Td>
              <Link href={`/agents/${agent.name}`} className="link font-semibold">
                {agent.name}
              </Link>
              <span className="block text-ink-3 text-xs">{`${profileWords(agent.client)}, owned by ${agent.owner.name}`}</span>
            </Td>
            <Td>
              <span className="flex flex-wrap gap-1.5">
                {agent.status === 'active' ? <Badge tone="good">Active</Badge> : <Badge>Revoked</Badge>}
                {agent.quarantined > 0 && <Badge tone="danger">Session in quarantine</Badge>}
              </span>
            </Td>
            <Td className={cx('tabular', agent.pending === 0 && 'max-sm:hidden')}>
              {agent.pending === 0 ? '\u2013' : `${agent.pending} of ${agent.pendingCap}`}
              <span className="sm:hidden"> waiting</span>
            </Td>
            <Td className="hidden text-ink-2 sm:table-cell">{mayUse(agent)}</Td>
            <Td className="hidden text-ink-2 md:table-cell">
              <EndsNext aging={agent.aging} />
            </Td>
            <Td className="whitespace-nowrap text-ink-2">
              <span className="sm:hidden">seen </span>
              {agent.lastSeenAt === null ? 'never' : <When at={agent.lastSeenAt} />}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What stops working first: an old key whose overlap runs, or a static token. */
function EndsNext({ aging }: { readonly aging: AgentSummary['aging'] }) {
  const { nextKeyEnd, nextTokenEnd } = aging;
  if (nextKeyEnd === null && nextTokenEnd === null) return <>{'\u2013'}</>;
  const isKey = nextTokenEnd === null || (nextKeyEnd !== null && nextKeyEnd < nextTokenEnd);
  const at = isKey ? nextKeyEnd : nextTokenEnd;
  return (
    <>
      {isKey ? 'an old key ' : 'a token '}
      {at !== null && <When at={at} />}
    </>
  );
}

function mayUse(agent: AgentSummary): string {
  if (agent.servers.length === 0) return 'nothing yet';
  const shown = agent.servers.slice(0, 3).join(', ');
  return agent.servers.length > 3 ? `${shown} and ${agent.servers.length - 3} more` : shown;
}
