'use client';

import { Bot, Plus } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { profileWords } from '#components/connect/client-words.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { useAgents, useServers } from '#lib/client/use-lists.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { AgentSummary } from '#lib/contracts/agents.ts';
import { CreateAgentDialog } from './create-agent-dialog.tsx';

/** The agents' identities: who owns them, what they may use, and whether they are at work. */
export function AgentsPage() {
  const query = useAgents();
  const router = useRouter();
  const adding = useSearchParams().get('add') === '1';
  const bar = useRoleBar('admin');
  const setAdding = (open: boolean) => router.replace(open ? '/agents?add=1' : '/agents', { scroll: false });
  const add = (
    <Button variant="primary" disabledReason={bar} onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" className="size-4" />
      Create an agent
    </Button>
  );
  return (
    <Page
      title="Agents"
      intro="Each agent has an identity of its own, apart from every person's. It can ask for calls; it can never decide one."
      actions={add}
    >
      <Loaded query={query} skeleton={<Skeleton card className="h-48" />}>
        {(page) => (
          <Card flush>{page.items.length === 0 ? <NoAgent add={add} /> : <AgentTable agents={page.items} />}</Card>
        )}
      </Loaded>
      <CreateAgentDialog open={adding && bar === null} onOpenChange={setAdding} />
    </Page>
  );
}

/** An agent without a server has nothing to call: the server comes first. */
function NoAgent({ add }: { readonly add: ReactNode }) {
  const servers = useServers();
  const hasServer = servers.data === undefined || servers.data.items.length > 0;
  const icon = <Bot aria-hidden="true" />;
  if (!hasServer) {
    return (
      <EmptyState
        icon={icon}
        title="No agent yet, and no server it could use"
        action={
          <Link href="/servers?add=1" className={buttonClasses('primary')}>
            Add a server first
          </Link>
        }
      >
        An agent may use what you list for it. Register a server, accept its tools, then create the agent.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={icon} title="No agent yet" action={add}>
      Create one for each agent you run. It gets a secret, shown once, and the exact configuration for OpenClaw, Claude
      Code, Codex, Cursor, Gemini CLI or the SDK. Its first call shows here by itself.
    </EmptyState>
  );
}

function AgentTable({ agents }: { readonly agents: readonly AgentSummary[] }) {
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
