// Server-only. What a grant for connections covers: one host and one port, those that its request names.
import { z } from 'zod';
import type { Refusal } from '#lib/contracts/problems.ts';
import { compileCondition } from '#lib/core/policies/condition.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { ASK_TOOL } from '../calls/egress-server.ts';
import { open } from '../keys/seal.ts';

const destinationSchema = z.object({ host: z.string().regex(/^[a-z0-9._:-]{1,253}$/), port: z.number().int() });

/**
 * The condition of a grant for connections through the egress proxy.
 *
 * Host and port of the request stand in it whatever the proposer wrote beside them: a grant that left the host open would
 * let an agent go anywhere, and one made by hand could name a host that nobody has seen it ask for. Refuses what is not
 * made from a request, or is for more than connections that are not on the list.
 */
export function fixDestination(
  masterKey: Uint8Array,
  asked: { readonly tool: string | undefined; readonly condition: string | undefined },
  request: { readonly id: string; readonly argsSealed: Uint8Array | null; readonly toolName: string } | null,
): Result<string, Refusal> {
  const refuse = (detail: string) => err({ code: 'invalid-request' as const, detail });
  if (request === null || asked.tool !== ASK_TOOL || request.toolName !== ASK_TOOL) {
    return refuse('A grant for connections is made from the request of one: it is for one host and port.');
  }
  if (request.argsSealed === null) return refuse('What the request asked for is not kept any more.');
  const args: unknown = JSON.parse(open(masterKey, request.argsSealed, request.id).toString('utf8'));
  const destination = destinationSchema.safeParse(args);
  if (!destination.success) return refuse('The request names no host and port.');
  const { host, port } = destination.data;
  const fixed = `args.host == ${JSON.stringify(host)} && args.port == ${port}`;
  const { condition } = asked;
  if (condition === undefined || condition === fixed) return ok(fixed);
  for (const scheme of ['https', 'http']) {
    const narrower = `${fixed} && args.scheme == "${scheme}"`;
    if (condition === narrower) return ok(narrower);
  }
  // By itself first: a bracket too many would end ours and say something else.
  const alone = compileCondition(condition);
  if (!alone.ok)
    return refuse(`condition, line ${alone.error.line}, column ${alone.error.column}: ${alone.error.message}`);
  return ok(`${fixed} && (${condition})`);
}
