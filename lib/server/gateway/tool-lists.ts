// Server-only. tools/list: what a human accepted, word for word.
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { qualifiedToolName } from '#lib/core/servers/names.ts';
import { isProtocolMethod } from '#lib/core/servers/protocol-methods.ts';
import type { Snapshot, SnapshotServer } from '../snapshot/snapshot.ts';

const PAGE = 500;

export type ToolLists = {
  /** The result of tools/list as JSON text, or null for a cursor that is not ours. `server` null = all of the agent's. */
  list(principal: AgentPrincipal, server: string | null, cursor: string | undefined): string | null;
};

/** Makes the lists; the text of a server's tools is built once per snapshot. */
export function createToolLists(snapshot: () => Snapshot): ToolLists {
  const built = new WeakMap<SnapshotServer, Map<'plain' | 'qualified', readonly string[]>>();

  function definitionsOf(server: SnapshotServer, naming: 'plain' | 'qualified'): readonly string[] {
    const known = built.get(server) ?? new Map<'plain' | 'qualified', readonly string[]>();
    built.set(server, known);
    const texts = known.get(naming) ?? definitionTexts(server, naming === 'qualified');
    known.set(naming, texts);
    return texts;
  }

  return {
    list: (principal, serverName, cursor) => {
      const { servers, agents } = snapshot();
      const allowed = agents.get(principal.id)?.servers;
      const names = serverName === null ? [...(allowed ?? [])].sort() : [serverName];
      const texts: string[] = [];
      for (const name of names) {
        const server = servers.get(name);
        if (server === undefined || allowed?.has(name) !== true || !isListed(server)) continue;
        texts.push(...definitionsOf(server, serverName === null ? 'qualified' : 'plain'));
      }
      const start = cursor === undefined ? 0 : startOf(cursor);
      if (start === null || (start > 0 && start >= texts.length)) return null;
      const page = texts.slice(start, start + PAGE);
      const next = start + PAGE < texts.length ? `,"nextCursor":"${start + PAGE}"` : '';
      return `{"tools":[${page.join(',')}]${next}}`;
    },
  };
}

function isListed(server: SnapshotServer): boolean {
  return server.status === 'active' && server.transport !== 'external';
}

/** Only tools that may be called are shown: a drifted one would invite a call that is refused; a method is no tool. */
function definitionTexts(server: SnapshotServer, isQualified: boolean): readonly string[] {
  return [...server.tools.values()]
    .filter((tool) => tool.pinState === 'accepted' && !isProtocolMethod(tool.name))
    .map(({ definition, name }) =>
      JSON.stringify(isQualified ? { ...definition, name: qualifiedToolName(server.name, name) } : definition),
    );
}

function startOf(cursor: string): number | null {
  return /^\d{1,7}$/.test(cursor) ? Number(cursor) : null;
}
