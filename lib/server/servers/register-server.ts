import { randomUUIDv7 } from 'node:crypto';
import type { ServerCreate } from '#lib/contracts/servers.ts';
import { urlWithoutQuery } from '#lib/core/egress/url-without-query.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { serverConfigHash } from '#lib/core/servers/names.ts';
import { recordEvent } from '../audit/record-event.ts';
import { EGRESS_SERVER } from '../calls/egress-server.ts';
import { bumpConfig } from '../db/config-head.ts';
import {
  type ConfigDeps,
  type ConfigRefusal,
  type ConfigWrite,
  mayConfigure,
  refuse,
  writeConfig,
} from '../db/config-write.ts';
import type { Server } from '../generated/prisma/client.ts';
import { declareTools } from './declare-tools.ts';
import { checkReach, confirmReach } from './server-reach.ts';

/**
 * Registers a server; its tools are found by a scan and uncallable until accepted (external ones are declared at once).
 * Refuses an http server whose URL the allowlist does not cover with `egress-entry-needed`, naming the entry; the same
 * call with that entry adds both in one transaction.
 */
export async function registerServer(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: ServerCreate,
): Promise<Result<{ id: string }, ConfigRefusal>> {
  if (mayConfigure(actor) && input.transport === 'http') {
    const reach = await checkReach(deps.prisma, { name: input.name, url: input.url, egress: input.egress });
    if (!reach.ok) return err(reach.error);
  }
  return writeConfig(deps, actor, (write) => registerServerIn(write, input));
}

/** The same inside a larger transaction; there the allowlist is the caller's business. */
export async function registerServerIn(
  write: ConfigWrite,
  input: ServerCreate,
): Promise<Result<{ id: string }, ConfigRefusal>> {
  const { tx, keys, actor, now } = write;
  if (input.name === EGRESS_SERVER) return refuse('name-taken', 'The name egress belongs to the egress proxy.');
  const taken = await tx.server.findUnique({ where: { name: input.name } });
  if (taken !== null) return refuse('name-taken', `There is already a server named ${input.name}.`);
  const identity = await identityOf(write, input);
  if (!identity.ok) return identity;
  const id = randomUUIDv7();
  const server = await tx.server.create({
    data: {
      id,
      name: input.name,
      transport: input.transport,
      description: input.description,
      tier: input.tier,
      createdAt: now,
      updatedAt: now,
      ...identity.value,
    },
  });
  await recordEvent(tx, keys, {
    type: 'server.added',
    actor: auditActor(actor),
    server: input.name,
    tier: input.tier,
    detail: {
      transport: input.transport,
      url: urlWithoutQuery(server.url),
      command: server.commandName,
      configHash: server.configHash,
    },
  });
  if (input.transport === 'external') {
    const declared = await declareTools(write, server, input.tools);
    if (!declared.ok) return declared;
  }
  await bumpConfig(tx, 'servers', id);
  return ok({ id });
}

type Identity = Pick<Server, 'url' | 'commandName' | 'configHash'>;

async function identityOf(write: ConfigWrite, input: ServerCreate): Promise<Result<Identity, ConfigRefusal>> {
  switch (input.transport) {
    case 'http': {
      const reached = await confirmReach(write, { url: input.url, egress: input.egress });
      if (!reached.ok) return reached;
      const { url } = input;
      return ok({ url, commandName: null, configHash: serverConfigHash({ transport: 'http', url }) });
    }
    case 'stdio': {
      // Commands come from the host only: a command written in a browser would be remote code execution by design.
      const command = await write.tx.stdioCommand.findUnique({ where: { name: input.command } });
      if (command === null) return refuse('invalid-request', 'The host defines no such command.');
      const configHash = serverConfigHash({
        transport: 'stdio',
        command: command.argv,
        writable: command.writable,
      });
      return ok({ url: null, commandName: command.name, configHash });
    }
    case 'external':
      return ok({ url: null, commandName: null, configHash: serverConfigHash({ transport: 'external' }) });
  }
}
