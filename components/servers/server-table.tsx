'use client';

import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import type { ServerSummary } from '#lib/contracts/server-rows.ts';
import { TIERS } from '#lib/core/risk/types.ts';
import { ServerState, whereOf } from './server-state.tsx';

export function ServerTable({ servers }: { readonly servers: readonly ServerSummary[] }) {
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
