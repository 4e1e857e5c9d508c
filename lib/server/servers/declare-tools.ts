import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { externalToolSchema } from '#lib/contracts/servers.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { stricterTier, type Tier } from '#lib/core/risk/types.ts';
import { toolDefinitionDigest } from '#lib/core/servers/definition.ts';
import { isToolName } from '#lib/core/servers/names.ts';
import { endOpenRequests } from '../approvals/end-open-requests.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigRefusal, type ConfigWrite, refuse } from '../db/config-write.ts';
import type { Server, Tool } from '../generated/prisma/client.ts';
import { recordTagChange } from './record-tag-change.ts';

export type DeclaredTool = z.infer<typeof externalToolSchema>;

/**
 * Sets the tools of an `external` server to exactly the declared ones: nobody can discover them, so the declaration is
 * the pin and is accepted at once. Answers how many tools changed.
 *
 * Refuses a name that we would not list, a name declared twice, and a tier below the server's without a reason. A tool
 * that is no longer declared becomes `missing`; a changed one ends the requests that wait for it.
 */
export async function declareTools(
  write: ConfigWrite,
  server: Server,
  declared: readonly DeclaredTool[],
): Promise<Result<number, ConfigRefusal>> {
  for (const tool of declared) {
    if (!isToolName(tool.name)) return refuse('invalid-request', `The tool name ${tool.name} cannot be used.`);
    const isLower = tool.tier !== undefined && stricterTier(tool.tier, server.tier) !== tool.tier;
    if (isLower && (tool.reason ?? '').trim() === '') {
      return refuse('invalid-request', `The tier of ${tool.name} is below its server's: give a reason.`);
    }
  }
  if (new Set(declared.map((tool) => tool.name)).size !== declared.length) {
    return refuse('invalid-request', 'A tool is declared twice.');
  }
  const present = await write.tx.tool.findMany({ where: { serverId: server.id } });
  let changed = 0;
  for (const tool of declared) {
    const before = present.find((row) => row.name === tool.name);
    if (await declareOne(write, server, tool, before ?? null)) changed++;
  }
  for (const gone of present) {
    if (gone.pinState === 'missing' || declared.some((tool) => tool.name === gone.name)) continue;
    await write.tx.tool.update({ where: { id: gone.id }, data: { pinState: 'missing' } });
    await tellDrift(write, server, gone.name, 'no longer declared');
    changed++;
  }
  return ok(changed);
}

async function declareOne(
  write: ConfigWrite,
  server: Server,
  declared: DeclaredTool,
  before: Tool | null,
): Promise<boolean> {
  const { tx, keys, actor, now } = write;
  const definition = {
    name: declared.name,
    description: declared.description,
    inputSchema: { type: 'object' },
  };
  const digest = toolDefinitionDigest(definition);
  const tier: Tier = declared.tier ?? server.tier;
  const isSame =
    before !== null &&
    before.pinState === 'accepted' &&
    before.acceptedDigest === digest &&
    before.tier === tier &&
    before.actionClass === declared.class;
  if (isSame) return false;
  const by = personIdOf(actor);
  const row = {
    definition,
    definitionDigest: digest,
    acceptedDefinition: definition,
    acceptedDigest: digest,
    pinState: 'accepted' as const,
    tier,
    actionClass: declared.class,
    suggestedTier: server.tier,
    suggestedClass: declared.class,
    suggestionReasons: ['The tool is declared, not discovered.'],
    taggedBy: declared.tier === undefined ? null : by,
    taggedAt: declared.tier === undefined ? null : now,
    tagReason: declared.reason ?? null,
    acceptedBy: by,
    acceptedAt: now,
    lastSeenAt: now,
  };
  if (before === null) {
    await tx.tool.create({ data: { id: randomUUIDv7(), serverId: server.id, name: declared.name, ...row } });
  } else {
    await tx.tool.update({ where: { id: before.id }, data: row });
    await recordTagChange(tx, { toolId: before.id, by, before, after: { tier, actionClass: declared.class } });
    if (before.acceptedDigest !== digest) await tellDrift(write, server, declared.name, 'declared anew');
  }
  await recordEvent(tx, keys, {
    type: 'tool.accepted',
    actor: auditActor(actor),
    server: server.name,
    tool: declared.name,
    tier,
    actionClass: declared.class,
    detail: {
      definition: digest,
      previous: before?.acceptedDigest ?? null,
      declared: true,
      reason: declared.reason ?? null,
    },
  });
  return true;
}

async function tellDrift(write: ConfigWrite, server: Server, toolName: string, why: string): Promise<void> {
  const { tx, keys, actor } = write;
  await recordEvent(tx, keys, {
    type: 'tool.drifted',
    actor: auditActor(actor),
    server: server.name,
    tool: toolName,
    detail: { why },
  });
  await endOpenRequests(tx, keys, actor, { kind: 'tool-changed', serverId: server.id, toolName });
}
