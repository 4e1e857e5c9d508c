import { randomUUIDv7 } from 'node:crypto';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { isActionClass, stricterTier } from '#lib/core/risk/types.ts';
import { endOpenRequests } from '../approvals/end-open-requests.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma, type Server, type Tool } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Discovery, FoundTool } from './discover-tools.ts';
import { storedDefinition } from './stored-definition.ts';
import { suggestFor } from './suggest-tag.ts';

/** The transaction of a scan; a rescan has no human behind it. */
export type ScanWrite = {
  readonly tx: Tx;
  readonly keys: Keys;
  readonly actor: ConfigActor | 'system';
  readonly now: Date;
};

/** What the scan changed, by count. */
export type ScanOutcome = {
  readonly found: number;
  readonly added: number;
  readonly drifted: number;
  readonly missing: number;
  readonly leftOut: number;
  readonly changed: boolean;
};

/**
 * Stores what a scan found. A tool whose definition differs from its pin, or that is gone, is uncallable at once and the
 * requests that wait for it end; a definition that is back at its pin is callable again. Nothing is ever accepted here.
 *
 * Assumes that the server's row is locked and that the identity is the one that was scanned.
 */
export async function storeDiscovery(write: ScanWrite, server: Server, found: Discovery): Promise<ScanOutcome> {
  const { tx, now } = write;
  const present = await tx.tool.findMany({ where: { serverId: server.id } });
  const byName = new Map(present.map((tool) => [tool.name, tool]));
  const fresh = found.tools.filter((tool) => !byName.has(tool.name));
  await tx.tool.createMany({ data: fresh.map((tool) => newTool(server, tool, now)) });

  let drifted = 0;
  let touched = fresh.length;
  for (const tool of found.tools) {
    const before = byName.get(tool.name);
    if (before === undefined || !(await storeKnown(write, server, before, tool))) continue;
    touched++;
    if (before.pinState === 'accepted') drifted++;
  }
  const names = new Set(found.tools.map((tool) => tool.name));
  const gone = present.filter((tool) => tool.pinState !== 'missing' && !names.has(tool.name));
  for (const tool of gone) {
    await tx.tool.update({ where: { id: tool.id }, data: { pinState: 'missing' } });
    if (tool.pinState === 'accepted') await tellDrift(write, server, tool, null);
  }
  await tx.tool.updateMany({ where: { serverId: server.id, name: { in: [...names] } }, data: { lastSeenAt: now } });
  const isNews = await storeSelfDescription(tx, server, found, now);
  return {
    found: found.tools.length,
    added: fresh.length,
    drifted,
    missing: gone.length,
    leftOut: found.leftOut,
    changed: isNews || touched + gone.length > 0,
  };
}

function newTool(server: Server, tool: FoundTool, now: Date): Prisma.ToolCreateManyInput {
  const suggestion = suggestFor(server.tier, tool.definition);
  return {
    id: randomUUIDv7(),
    serverId: server.id,
    name: tool.name,
    definition: tool.definition,
    definitionDigest: tool.digest,
    pinState: 'new',
    tier: suggestion.tier,
    actionClass: suggestion.actionClass,
    suggestedTier: suggestion.tier,
    suggestedClass: suggestion.actionClass,
    suggestionReasons: [...suggestion.reasons],
    firstSeenAt: now,
    lastSeenAt: now,
  };
}

/** Answers whether anything about the tool changed. */
async function storeKnown(write: ScanWrite, server: Server, before: Tool, found: FoundTool): Promise<boolean> {
  const pinState = pinStateOf(before, found.digest);
  if (before.definitionDigest === found.digest && before.pinState === pinState) return false;
  const suggestion = suggestFor(server.tier, found.definition);
  await write.tx.tool.update({
    where: { id: before.id },
    data: {
      definition: found.definition,
      definitionDigest: found.digest,
      pinState,
      suggestedTier: suggestion.tier,
      suggestedClass: suggestion.actionClass,
      suggestionReasons: [...suggestion.reasons],
      ...(before.acceptedDefinition === null ? neverAcceptedTag(before, suggestion) : {}),
    },
  });
  if (before.pinState === 'accepted' && pinState !== 'accepted') await tellDrift(write, server, before, found.digest);
  return true;
}

function pinStateOf(before: Tool, digest: string): 'new' | 'accepted' | 'drifted' {
  if (before.acceptedDefinition === null) return 'new';
  return before.acceptedDigest === digest ? 'accepted' : 'drifted';
}

/** A tool nobody accepted yet follows its suggestion; a tag set before that can only be raised by a new definition. */
function neverAcceptedTag(before: Tool, suggestion: ReturnType<typeof suggestFor>): Pick<Tool, 'tier' | 'actionClass'> {
  if (before.taggedAt === null) return { tier: suggestion.tier, actionClass: suggestion.actionClass };
  return {
    tier: stricterTier(before.tier, suggestion.tier),
    actionClass: isActionClass(before.actionClass) ? before.actionClass : 'other',
  };
}

async function tellDrift(write: ScanWrite, server: Server, tool: Tool, digest: string | null): Promise<void> {
  const { tx, keys, actor } = write;
  await recordEvent(tx, keys, {
    type: 'tool.drifted',
    actor: auditActor(actor),
    server: server.name,
    tool: tool.name,
    detail: {
      pin: tool.acceptedDigest,
      found: digest,
      why: digest === null ? 'no longer offered' : 'definition changed',
    },
  });
  await endOpenRequests(tx, keys, actor, { kind: 'tool-changed', serverId: server.id, toolName: tool.name });
}

/** Writes what the server says about itself; answers whether that is news. */
async function storeSelfDescription(tx: Tx, server: Server, found: Discovery, now: Date): Promise<boolean> {
  const note =
    found.leftOut === 0 ? null : `${found.leftOut} tools were left out: their names or definitions cannot be used.`;
  const isNews =
    !sameJson(server.serverInfo, found.serverInfo) ||
    !sameJson(server.capabilities, found.capabilities) ||
    server.protocolVersion !== found.protocolVersion ||
    server.lastScanError !== note;
  await tx.server.update({
    where: { id: server.id },
    data: {
      serverInfo: found.serverInfo ?? Prisma.DbNull,
      capabilities: found.capabilities ?? Prisma.DbNull,
      protocolVersion: found.protocolVersion,
      lastScanAt: now,
      lastScanError: note,
    },
  });
  return isNews;
}

function sameJson(stored: Prisma.JsonValue, found: JsonObject | null): boolean {
  const before = stored === null ? null : storedDefinition(stored);
  return canonicalJson(before) === canonicalJson(found);
}
