'use client';

import { Wrench } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Input } from '#components/ui/input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import type { ServerDetail, Tool } from '#lib/contracts/servers.ts';
import { TIERS } from '#lib/core/risk/types.ts';
import { AcceptDialog } from './accept-dialog.tsx';
import { ToolRow } from './tool-row.tsx';
import { isWaiting } from './waiting.ts';

type View = 'all' | 'waiting';
const MANY = 12;

/** All tools of a server: those that wait for acceptance first, then by tier. */
export function ToolsCard({ server, bar }: { readonly server: ServerDetail; readonly bar: string | null }) {
  const [view, setView] = useState<View>('all');
  const [filter, setFilter] = useState('');
  const [accepting, setAccepting] = useState<readonly Tool[] | null>(null);
  const waiting = server.toolList.filter(isWaiting);
  const shown = (view === 'waiting' ? waiting : server.toolList)
    .filter((tool) => tool.name.toLowerCase().includes(filter.trim().toLowerCase()))
    .toSorted(
      (a, b) =>
        Number(isWaiting(b)) - Number(isWaiting(a)) ||
        TIERS.indexOf(b.tier) - TIERS.indexOf(a.tier) ||
        a.name.localeCompare(b.name),
    );
  const shownWaiting = shown.filter(isWaiting);
  return (
    <Card title="Tools" aside={`${server.tools.accepted} of ${server.tools.total} accepted`} flush>
      {server.toolList.length === 0 ? (
        <EmptyState icon={<Wrench aria-hidden="true" />} title="No tool found yet">
          {server.lastScanAt === null
            ? 'Scan the server to see its tools.'
            : 'The server answered, and listed no tools.'}
        </EmptyState>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-2 border-b px-3.5 py-2">
            {waiting.length > 0 && waiting.length < server.toolList.length && (
              <Segmented
                label="Which tools"
                value={view}
                onChange={setView}
                options={[
                  { value: 'all', text: `All ${server.toolList.length}` },
                  { value: 'waiting', text: `To look at ${waiting.length}` },
                ]}
              />
            )}
            {server.toolList.length > MANY && (
              <div className="w-44">
                <Input
                  aria-label="Filter tools by name"
                  value={filter}
                  onChange={(event) => setFilter(event.target.value)}
                  placeholder="Filter by name"
                />
              </div>
            )}
            {shownWaiting.length > 0 ? (
              <Button
                size="sm"
                variant="primary"
                className="ml-auto"
                disabledReason={bar}
                onClick={() => setAccepting(shownWaiting)}
              >
                {shownWaiting.length === 1 ? 'Accept 1 shown' : `Accept all ${shownWaiting.length} shown`}
              </Button>
            ) : (
              <span className="py-1 text-ink-3 text-xs">Every definition shown is the one that was accepted.</span>
            )}
          </div>
          {shown.length === 0 ? (
            <EmptyState title="No tool of that name" className="py-8" />
          ) : (
            <ul>
              {shown.map((tool) => (
                <ToolRow
                  key={tool.id}
                  serverId={server.id}
                  tool={tool}
                  bar={bar}
                  onAccept={() => setAccepting([tool])}
                />
              ))}
            </ul>
          )}
        </>
      )}
      <AcceptDialog serverId={server.id} tools={accepting} onClose={() => setAccepting(null)} />
    </Card>
  );
}
