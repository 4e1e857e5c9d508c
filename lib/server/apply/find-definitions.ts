// Server-only. The network part of an apply, before its transaction.

import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { entriesFor, GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { judgeUrl } from '#lib/core/egress/judge-url.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { withTrial } from '../commands/with-trial.ts';
import type { ConfigDeps, ConfigRefusal } from '../db/config-write.ts';
import { judgedEntry } from '../egress/entry-place.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import { createAttemptBook } from '../egress/record-attempt.ts';
import { suggestEntry } from '../egress/suggest-entry.ts';
import { proxyEpochOf } from '../egress-proxy/end-proxy-credential.ts';
import { noChildren } from '../runner/child-starter.ts';
import { type Discovery, discoverTools } from '../servers/discover-tools.ts';
import { discoverAt } from '../servers/scan-server.ts';
import { entryInput } from './apply-egress.ts';
import { at, type Found, type Misfit } from './apply-run.ts';
import type { ConfigFile, ServerInFile } from './config-file.ts';

/** The allowlist as it will be: what is in force, what the file adds, and what was confirmed. */
type Entries = Awaited<ReturnType<typeof loadEntries>>;

export type Preparation = {
  readonly found: ReadonlyMap<string, Found>;
  /** Entries that servers of the file need and nothing gives them yet. */
  readonly needs: readonly EgressEntryInput[];
};

/**
 * Works out which allowlist entries the file's servers still need, and reads the tools of those with `accept: true`
 * unless this is a dry run: a dry run starts no command and talks to nobody but the resolver.
 */
export async function prepare(
  deps: ConfigDeps,
  file: ConfigFile,
  options: { readonly dryRun: boolean; readonly addEgress: boolean },
): Promise<Result<Preparation, Misfit>> {
  const servers = file.servers ?? [];
  const listed = [
    ...(await loadEntries(deps.prisma)),
    ...(file.egress ?? []).map((entry) => judgedEntry(entryInput(entry))),
  ];
  const forGateway = entriesFor(listed, GATEWAY_IDENTITY);
  const needs: EgressEntryInput[] = [];
  for (const [index, server] of servers.entries()) {
    if (server.transport !== 'http' || judgeUrl(server.url, forGateway, Date.now()).ok) continue;
    const suggested = await suggestEntry(server.url, server.name);
    if (!suggested.ok) return at(['servers', index, 'url'], suggested.error);
    needs.push(suggested.value);
  }
  const found = new Map<string, Found>();
  if (needs.length > 0 && !options.addEgress) return ok({ found, needs });
  const entries = [...forGateway, ...needs.map(judgedEntry)];
  for (const [index, server] of servers.entries()) {
    if (server.transport === 'external' || server.accept !== true || server.status === 'disabled') continue;
    if (options.dryRun) {
      found.set(server.name, { kind: 'dry' });
      continue;
    }
    const discovery = await discover(deps, server, entries);
    if (!discovery.ok) return at(['servers', index], withName(server.name, discovery.error));
    found.set(server.name, { kind: 'found', discovery: discovery.value });
  }
  return ok({ found, needs });
}

async function discover(
  deps: ConfigDeps,
  server: Exclude<ServerInFile, { transport: 'external' }>,
  entries: Entries,
): Promise<Result<Discovery, ConfigRefusal>> {
  if (server.transport === 'http') {
    const attempts = createAttemptBook(deps);
    try {
      return await discoverAt(deps, server.url, entries, null, attempts.note);
    } finally {
      await attempts.close();
    }
  }
  const { name, command: argv, writable = [] } = server;
  const startChild = deps.startChild ?? noChildren;
  return withTrial(deps.prisma, { name, argv, writable }, async (asked) => {
    const wayOut = await wayOutOf(deps, asked);
    return discoverTools({ kind: 'stdio', start: () => startChild({ ...asked, ...wayOut }) });
  });
}

/** A server that is there as the file has it goes out as it always does; one that is not yet has no way out. */
async function wayOutOf(
  { prisma }: ConfigDeps,
  asked: { readonly name: string; readonly configHash: string },
): Promise<{ readonly id?: string; readonly proxyEpoch?: number }> {
  const present = await prisma.server.findUnique({ where: { name: asked.name } });
  if (present?.configHash !== asked.configHash) return {};
  return { id: present.id, proxyEpoch: await proxyEpochOf(prisma, present.id) };
}

function withName<T extends { readonly detail?: string }>(name: string, refusal: T): T {
  return { ...refusal, detail: `${name}: ${refusal.detail ?? 'could not be read'}` };
}
