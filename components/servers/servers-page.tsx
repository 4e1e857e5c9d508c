'use client';

import { Plus, Server } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useServers } from '#lib/client/lists/use-servers.ts';
import { useRoleBar } from '#lib/client/use-me.ts';

const serverTable = arriving(() => import('./server-table.tsx').then((file) => file.ServerTable), 'at-once');

const commandsCard = arriving(() => import('./commands-card.tsx').then((file) => file.CommandsCard), 'at-once');

const addServerDialog = arriving(
  () => import('./add-server-dialog.tsx').then((file) => file.AddServerDialog),
  'at-rest',
);

/** The registry: every MCP server agents may reach, what tier it has, and what still needs a look. */
export function ServersPage() {
  const ServerTable = useArrived(serverTable);
  const CommandsCard = useArrived(commandsCard);
  const query = useServers();
  const router = useRouter();
  const adding = useSearchParams().get('add') === '1';
  const bar = useRoleBar('admin');
  const AddServerDialog = useArrived(addServerDialog, adding && bar === null);
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
      <Loaded query={query} skeleton={<Skeleton card className="h-48" />} arrived={ServerTable !== null}>
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
            <Card flush>{ServerTable !== null && <ServerTable servers={page.items} />}</Card>
          )
        }
      </Loaded>
      {CommandsCard !== null && <CommandsCard />}
      {AddServerDialog !== null && <AddServerDialog open={adding && bar === null} onOpenChange={setAdding} />}
    </Page>
  );
}
