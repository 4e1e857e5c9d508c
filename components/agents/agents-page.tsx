'use client';

import { Bot, Plus } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useAgents } from '#lib/client/lists/use-agents.ts';
import { useServers } from '#lib/client/lists/use-servers.ts';
import { useRoleBar } from '#lib/client/use-me.ts';

const agentTable = arriving(() => import('./agent-table.tsx').then((file) => file.AgentTable), 'at-once');

const createAgentDialog = arriving(
  () => import('./create-agent-dialog.tsx').then((file) => file.CreateAgentDialog),
  'at-rest',
);

/** The agents' identities: who owns them, what they may use, and whether they are at work. */
export function AgentsPage() {
  const AgentTable = useArrived(agentTable);
  const query = useAgents();
  const router = useRouter();
  const adding = useSearchParams().get('add') === '1';
  const bar = useRoleBar('admin');
  const CreateAgentDialog = useArrived(createAgentDialog, adding && bar === null);
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
      <Loaded query={query} skeleton={<Skeleton card className="h-48" />} arrived={AgentTable !== null}>
        {(page) => (
          <Card flush>
            {page.items.length === 0 ? (
              <NoAgent add={add} />
            ) : (
              AgentTable !== null && <AgentTable agents={page.items} />
            )}
          </Card>
        )}
      </Loaded>
      {CreateAgentDialog !== null && <CreateAgentDialog open={adding && bar === null} onOpenChange={setAdding} />}
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
