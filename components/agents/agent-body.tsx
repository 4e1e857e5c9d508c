'use client';

import Link from 'next/link';
import { useState } from 'react';
import { profileWords } from '#components/connect/client-words.ts';
import { ConnectPanel } from '#components/connect/connect-panel.tsx';
import { FirstCall } from '#components/connect/first-call.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Page } from '#components/ui/page.tsx';
import { When } from '#components/ui/when.tsx';
import { formatSpan } from '#lib/client/time.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { EditAgentDialog } from './edit-agent-dialog.tsx';
import { KeysCard } from './keys-card.tsx';
import { RevokeAgent } from './revoke-agent.tsx';
import { RotateAgent } from './rotate-agent.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { TokensCard } from './tokens-card.tsx';
import { UsageCard } from './usage-card.tsx';

export function AgentBody({ agent }: { readonly agent: AgentDetail }) {
  const bar = useRoleBar('admin');
  const revokeBar = useRoleBar('admin', 'security');
  const [editing, setEditing] = useState(false);
  // Of the moment the page was opened: when the first call comes in, nothing that is being read may move away.
  const [isNew] = useState(agent.lastSeenAt === null);
  const active = agent.status === 'active';
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-x-3">
          {agent.name}
          {active ? <Badge tone="good">Active</Badge> : <Badge>Revoked</Badge>}
          {agent.quarantined > 0 && <Badge tone="danger">{quarantinedWords(agent.quarantined)}</Badge>}
        </span>
      }
      intro={
        active
          ? undefined
          : 'Its tokens and its secret are refused everywhere. This cannot be undone; create a new agent instead.'
      }
      actions={
        active && (
          <>
            <Button disabledReason={bar} onClick={() => setEditing(true)}>
              Edit…
            </Button>
            <RotateAgent agent={agent} bar={bar} />
            <RevokeAgent agent={agent} bar={revokeBar} />
          </>
        )
      }
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid gap-4">
          {/* What to copy comes first until the agent has called; then what it does and what it holds. */}
          {active && isNew && (
            <>
              <FirstCall agent={agent} />
              <ConnectPanel agent={agent} />
            </>
          )}
          <KeysCard agent={agent} bar={bar} revokeBar={revokeBar} />
          <TokensCard agent={agent} bar={bar} />
          <SessionsCard agent={agent} bar={revokeBar} />
          <UsageCard agent={agent} />
          {active && !isNew && <ConnectPanel agent={agent} />}
        </div>
        <AgentFacts agent={agent} />
      </div>
      <EditAgentDialog agent={agent} open={editing} onOpenChange={setEditing} />
    </Page>
  );
}

function quarantinedWords(count: number): string {
  return count === 1 ? 'A session in quarantine' : `${count} sessions in quarantine`;
}

function AgentFacts({ agent }: { readonly agent: AgentDetail }) {
  return (
    <Card title="Agent">
      <Facts>
        <Fact name="Owner">{agent.owner.name}</Fact>
        <Fact name="Client">{profileWords(agent.client)}</Fact>
        <Fact name="Client id">
          <span className="-my-1.5 inline-flex items-center">
            <code className="text-xs">{agent.clientId}</code>
            <CopyButton text={agent.clientId} label="Copy the client id" />
          </span>
        </Fact>
        <Fact name="May use">
          {agent.servers.length === 0
            ? 'nothing yet'
            : agent.servers.map((server, i) => (
                <span key={server}>
                  {i > 0 && ', '}
                  <Link href={`/servers/${server}`} className="link target">
                    {server}
                  </Link>
                </span>
              ))}
        </Fact>
        <Fact name="One address for all">{agent.aggregate ? 'yes, /mcp' : 'no'}</Fact>
        <Fact name="Request timeout">
          {agent.requestTimeoutMs === null ? 'the client\u2019s default' : formatSpan(agent.requestTimeoutMs / 1000)}
        </Fact>
        <Fact name="Waiting now">
          <span className="tabular">{`${agent.pending} of at most ${agent.pendingCap}`}</span>
        </Fact>
        <Fact name="Created">
          <When at={agent.createdAt} />
        </Fact>
        <Fact name="Last seen">{agent.lastSeenAt === null ? 'never' : <When at={agent.lastSeenAt} />}</Fact>
        <Fact name="Its calls">
          <Link href={`/audit?agent=${agent.name}`} className="link target">
            in the log
          </Link>
        </Fact>
      </Facts>
    </Card>
  );
}
