// Server-only. POST /api/v1/calls
import { randomUUIDv7 } from 'node:crypto';
import { REDACTED } from '#lib/core/credentials/redact.ts';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import type { Enforced } from '../calls/attempt.ts';
import { answerOf, sendJson, sendProblem } from './answer.ts';
import type { CallsApiParts } from './calls-api.ts';
import { claimKey, releaseKey, tieKey } from './idempotent-call.ts';
import { readCallNow } from './read-call.ts';
import { type CallBody, readCallBody } from './read-call-body.ts';
import { recordHeld, type Settled, settleEnforced } from './settle-enforced.ts';

/**
 * Asks whether a call may run, for an enforcement point that runs it itself. Answers allow, deny or pending; waits up to
 * `wait` seconds for people. With an idempotency key the same body always means the same call.
 */
export async function createCall(parts: CallsApiParts, principal: AgentPrincipal, request: Request): Promise<Response> {
  const body = await readCallBody(request);
  if (!body.ok) return sendProblem(body.error.code, body.error.detail);
  const { fields, json } = body.value;
  const key = fields.idempotencyKey;
  if (key === undefined) return send(parts, await ask(parts, principal, request, body.value, randomUUIDv7()));

  const { pool } = parts.door;
  const claim = await claimKey(pool, principal.id, key, json);
  switch (claim.kind) {
    case 'mismatch':
      return sendProblem('idempotency-mismatch');
    case 'in-flight':
      return sendProblem('idempotency-in-flight');
    case 'known':
      return readCallNow(parts, principal, claim.callId, fields.wait ?? 0, request.signal);
    case 'fresh': {
      const settled = await ask(parts, principal, request, body.value, claim.callId);
      if (settled.kind === 'row') await tieKey(pool, principal.id, key, settled.row.id);
      else await releaseKey(pool, principal.id, key);
      return send(parts, settled);
    }
  }
}

async function ask(
  parts: CallsApiParts,
  principal: AgentPrincipal,
  request: Request,
  body: CallBody,
  callId: string,
): Promise<Settled> {
  const { door } = parts;
  const { fields, args } = body;
  const asked = {
    agentId: principal.id,
    server: fields.server,
    tool: fields.tool,
    sessionKey: fields.session ?? `agent:${principal.id}`,
  };
  let held: Promise<void> = Promise.resolve();
  const enforced = await door.enforceCall({
    principal,
    server: fields.server,
    tool: fields.tool,
    args,
    session: fields.session,
    onBehalfOf: fields.onBehalfOf,
    reason: fields.reason,
    replaces: fields.replaces,
    via: 'decision-api',
    signal: request.signal,
    holdUntilMs: performance.now() + (fields.wait ?? 0) * 1000,
    callId,
    onHeld: (record) => {
      // Not fatal: the record is written again with the verdict.
      held = recordHeld(door, asked, record).catch(() => undefined);
    },
  });
  await held;
  return settleEnforced(door, holdsSecret(enforced) ? { ...asked, ...NAMELESS } : asked, enforced);
}

/** A call that held a credential is put on record without the names it came with: one of them may be the credential. */
const NAMELESS = { server: REDACTED, tool: REDACTED, sessionKey: REDACTED };

function holdsSecret(enforced: Enforced): boolean {
  return enforced.kind === 'refused' && enforced.record.code === 'credential-in-call';
}

async function send(parts: CallsApiParts, settled: Settled): Promise<Response> {
  if (settled.kind === 'unavailable') return sendProblem(settled.code);
  return sendJson(await answerOf(settled.row, { signer: parts.signer, issuer: parts.gatewayUrl }));
}
