'use client';

import { Plus, Server } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { useServers } from '#lib/client/use-lists.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { ServerSummary } from '#lib/contracts/servers.ts';
import { TIERS } from '#lib/core/risk/types.ts';
import { AddServerDialog } from './add-server-dialog.tsx';
import { CommandsCard } from './commands-card.tsx';
import { ServerState, whereOf } from './server-state.tsx';

/** The registry: every MCP server agents may reach, what tier it has, and what still needs a look. */
export function ServersPage() {
  const query = useServers();
  const router = useRouter();
  const adding = useSearchParams().get('add') === '1';
  const bar = useRoleBar('admin');
  const setAdding = (open: boolean) => router.replace(open ? '/servers?add=1' : '/servers', { scroll: false });
  const add = (
    <Button variant="primary" disabledReason={bar} onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" className="size-4" />
      Add a server
    </Button>
  );
  return (
    <Page
      title="Servers"
      intro="Every server whose tools your agents may ask for. A tool can be called only after somebody accepted its definition."
      actions={add}
    >
      <Loaded query={query} skeleton={<Skeleton card className="h-48" />}>
        {(page) =>
          page.items.length === 0 ? (
            <Card>
              <EmptyState
                icon={<Server aria-hidden="true" />}
                title="No server yet"
                action={
                  <span className="flex flex-wrap justify-center gap-2">
                    {add}
                    <Link href="/welcome" className={buttonClasses()}>
                      See the whole way
                    </Link>
                  </span>
                }
              >
                Add an MCP server by its address, pick a command the host allows, or declare the tools of a program that
                does not speak MCP. Then accept its tools, and create the agent that may use them.
              </EmptyState>
            </Card>
          ) : (
            <Card flush>
              <ServerTable servers={page.items} />
            </Card>
          )
        }
      </Loaded>
      <CommandsCard />
      <AddServerDialog open={adding && bar === null} onOpenChange={setAdding} />
    </Page>
  );
}

function ServerTable({ servers }: { readonly servers: readonly ServerSummary[] }) {
  const sorted = servers.toSorted(
    (a, b) =>
      Number(a.status === 'disabled') - Number(b.status === 'disabled') ||
      attention(b) - attention(a) ||
      TIERS.indexOf(b.tier) - TIERS.indexOf(a.tier) ||
      a.name.localeCompare(b.name),
  );
  return (
    <Table caption="Servers" reflow>
      <thead>
        <tr>
          <Th>Server</Th>
          <Th>Tier</Th>
          <Th>Tools</Th>
          <Th>State</Th>
          <Th className="hidden sm:table-cell">Last scan</Th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((server) => (
          <Tr key={server.id}>
            <Td className="sm:max-w-[22rem]">
              <Link href={`/servers/${server.name}`} className="link font-semibold">
                {server.name}
              </Link>
              <SafeText text={whereOf(server)} className="block truncate font-mono text-ink-3 text-xs" />
            </Td>
            <Td>
              <TierBadge tier={server.tier} />
            </Td>
            <Td>
              <ToolCount tools={server.tools} />
            </Td>
            <Td>
              <ServerState server={server} />
            </Td>
            <Td className="hidden whitespace-nowrap text-ink-2 sm:table-cell">
              {server.lastScanAt === null ? '\u2013' : <When at={server.lastScanAt} />}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Servers with something to accept come first. */
function attention(server: ServerSummary): number {
  return server.status === 'active' && (server.tools.waiting > 0 || server.lastScanError !== null) ? 1 : 0;
}

function ToolCount({ tools }: { readonly tools: ServerSummary['tools'] }) {
  return (
    <span className="tabular whitespace-nowrap">
      {`${tools.accepted} of ${tools.total} accepted`}
      {tools.waiting > 0 && (
        <Badge tone="accent" className="ml-2">
          {`${tools.waiting} to look at`}
        </Badge>
      )}
    </span>
  );
}
