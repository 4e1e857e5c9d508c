// Server-only. The built-in server under which connections are calls: made when the first identity uses the proxy.

import type { JsonObject } from '#lib/core/json/value.ts';
import type { Tier } from '#lib/core/risk/types.ts';
import { toolDefinitionDigest } from '#lib/core/servers/definition.ts';
import { serverConfigHash } from '#lib/core/servers/names.ts';
import { recordEvent } from '../audit/record-event.ts';
import { ASK_TOOL, CONNECT_TOOL, EGRESS_SERVER, EGRESS_SERVER_ID } from '../calls/egress-server.ts';
import { bumpConfig } from '../db/config-head.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';

const CLASS = 'browse';
const INPUT_SCHEMA: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['host', 'port', 'scheme'],
  properties: {
    host: { type: 'string', maxLength: 255 },
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    scheme: { type: 'string', enum: ['http', 'https'] },
  },
};

type BuiltIn = { readonly id: string; readonly tier: Tier; readonly definition: JsonObject };

/** Allowlisted destinations run unless a rule says otherwise; unlisted ones wait for people, as medium does by default. */
const TOOLS: readonly BuiltIn[] = [
  {
    id: '00000000-0000-7000-8000-0000000e9e51',
    tier: 'low',
    definition: {
      name: CONNECT_TOOL,
      description: 'A connection through the egress proxy to a destination on the allowlist of the identity.',
      inputSchema: INPUT_SCHEMA,
    },
  },
  {
    id: '00000000-0000-7000-8000-0000000e9e52',
    tier: 'medium',
    definition: {
      name: ASK_TOOL,
      description:
        'A connection through the egress proxy to a destination that is not on the allowlist of the identity. An approval lets one connection through and adds nothing to the list.',
      inputSchema: INPUT_SCHEMA,
    },
  },
];

/**
 * Makes sure that the reserved server is registered with its tools accepted. True when it is ours.
 *
 * Registered under fixed ids, so that many gateways may try at once. False where another server has taken the name: then
 * every connection is refused, because what people accepted under that name is something else.
 */
export async function ensureReservedServer(prisma: Database, keys: Pick<Keys, 'masterKey'>): Promise<boolean> {
  return withTx(prisma, async (tx) => {
    const configHash = serverConfigHash({ transport: 'external' });
    const made = await tx.server.createMany({
      data: [
        {
          id: EGRESS_SERVER_ID,
          name: EGRESS_SERVER,
          transport: 'external',
          tier: 'low',
          configHash,
          description:
            'Built in: connections through the egress proxy. Its two tools can be tagged and ruled like others.',
        },
      ],
      skipDuplicates: true,
    });
    if (made.count === 0) {
      return (await tx.server.findUnique({ where: { name: EGRESS_SERVER } }))?.id === EGRESS_SERVER_ID;
    }
    for (const { id, tier, definition } of TOOLS) {
      const digest = toolDefinitionDigest(definition);
      await tx.tool.create({
        data: {
          id,
          serverId: EGRESS_SERVER_ID,
          name: String(definition.name),
          definition,
          definitionDigest: digest,
          acceptedDefinition: definition,
          acceptedDigest: digest,
          pinState: 'accepted',
          acceptedAt: new Date(),
          tier,
          suggestedTier: tier,
          actionClass: CLASS,
          suggestedClass: CLASS,
          suggestionReasons: ['built in'],
        },
      });
    }
    await recordEvent(tx, keys, {
      type: 'server.added',
      actor: { type: 'system', id: 'gateway', name: 'gateway' },
      server: EGRESS_SERVER,
      tier: 'low',
      detail: { transport: 'external', configHash, builtIn: true },
    });
    await bumpConfig(tx, 'servers', EGRESS_SERVER_ID);
    return true;
  });
}
