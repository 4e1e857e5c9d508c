import { Badge } from '#components/ui/badge.tsx';
import type { ServerSummary } from '#lib/contracts/server-rows.ts';

/** Where a server is reached, in one line. */
export function whereOf(server: ServerSummary): string {
  switch (server.transport) {
    case 'http':
      return server.url ?? '';
    case 'stdio':
      return `command ${server.command ?? ''}`;
    case 'external':
      return 'external, tools declared here';
  }
}

/** Whether the server answers and is switched on, in a word. */
export function ServerState({ server }: { readonly server: ServerSummary }) {
  if (server.status === 'disabled') return <Badge>Switched off</Badge>;
  if (server.lastScanError !== null) return <Badge tone="danger">Scan failed</Badge>;
  return <Badge tone="good">On</Badge>;
}
