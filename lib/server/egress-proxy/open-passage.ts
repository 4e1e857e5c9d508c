// Server-only. From a request to a socket: judged, through the door, judged again, resolved, dialled.
import type { Socket } from 'node:net';
import type { HoldRecord } from '#lib/contracts/calls.ts';
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import type { Authorised } from '../calls/attempt.ts';
import { ASK_TOOL, CONNECT_TOOL, EGRESS_SERVER } from '../calls/egress-server.ts';
import { readArguments } from '../calls/read-arguments.ts';
import { dial, judgedAddresses } from './dial.ts';
import { judgeTarget, type TargetVerdict } from './judge-target.ts';
import type { Passage } from './passages.ts';
import type { ProxyClient } from './proxy-client.ts';
import type { ProxyParts } from './proxy-parts.ts';
import type { ProxyTarget } from './read-target.ts';

export type Opening =
  | { readonly kind: 'open'; readonly passage: Passage; readonly upstream: Socket }
  | { readonly kind: 'pending'; readonly record: HoldRecord }
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly detail?: string; readonly requestId?: string };

/**
 * Opens the way to a target, or says why not.
 *
 * The name is resolved only once the call is authorised: a look-up is itself a message to whoever serves the name. Nothing
 * is dialled that the door has not let through, and the list is asked again after people have thought about it.
 */
export async function openPassage(
  parts: ProxyParts,
  client: ProxyClient,
  target: ProxyTarget,
  left: AbortSignal,
): Promise<Opening> {
  const { door, book } = parts;
  if (!door.isReady()) return { kind: 'refused', code: 'database-unavailable' };
  const verdict = judgeTarget(door.snapshot(), client, target, door.databaseNowMs());
  const { scheme } = verdict;
  const place = { identity: client.identity, scheme, host: target.host, port: target.port };
  if (verdict.kind === 'denied') {
    book.note({ ...place, verdict: 'denied', reason: verdict.reason });
    return { kind: 'refused', code: 'egress-denied', detail: verdict.reason };
  }
  if (!(await parts.serverReady())) {
    return { kind: 'refused', code: 'internal', detail: 'Another server is registered under the name egress.' };
  }
  const enforced = await enforce(parts, client, target, verdict, left, () =>
    book.note({ ...place, verdict: 'held', reason: 'A human is asked.' }),
  );
  switch (enforced.kind) {
    case 'pending':
      return { kind: 'pending', record: enforced.record };
    case 'refused': {
      const { code, requestId } = enforced.record;
      book.note({ ...place, verdict: 'denied', reason: enforced.record.message.slice(0, 200) });
      return {
        kind: 'refused',
        code: codeOf(code),
        detail: enforced.record.message,
        ...(requestId === undefined ? {} : { requestId }),
      };
    }
    case 'authorised':
      return connectFor(parts, client, target, verdict, enforced.call, left);
  }
}

function enforce(
  parts: ProxyParts,
  client: ProxyClient,
  target: ProxyTarget,
  verdict: TargetVerdict,
  left: AbortSignal,
  onHeld: () => void,
) {
  const args = readArguments({ host: target.host, port: target.port, scheme: verdict.scheme });
  if (!args.ok) throw new Error('A destination does not fit into arguments.');
  const { principal } = client;
  const declared = principal.requestTimeoutMs === null ? Number.POSITIVE_INFINITY : principal.requestTimeoutMs - 5_000;
  return parts.door.enforceCall({
    principal,
    server: EGRESS_SERVER,
    tool: verdict.kind === 'ask' ? ASK_TOOL : CONNECT_TOOL,
    args: args.value,
    via: 'egress-proxy',
    signal: AbortSignal.any([left, parts.draining]),
    holdUntilMs: performance.now() + Math.max(0, Math.min(parts.pace.holdMs, declared)),
    onHeld,
  });
}

async function connectFor(
  parts: ProxyParts,
  client: ProxyClient,
  target: ProxyTarget,
  asked: TargetVerdict,
  call: Authorised,
  left: AbortSignal,
): Promise<Opening> {
  const isListed = asked.kind === 'listed';
  const passage = parts.passages.open({ call, client, target, scheme: asked.scheme, isListed });
  const end = async (code: ProblemCode, detail?: string): Promise<Opening> => {
    await passage.finish('failed', code);
    return { kind: 'refused', code, ...(detail === undefined ? {} : { detail }) };
  };
  try {
    // Observe windows and rules that free the tier lift holds; what is not on the list still needs somebody's yes.
    if (!isListed && call.requestId === null && call.grantId === null) {
      return await end('egress-denied', 'The destination is not on the allowlist, and nobody was asked.');
    }
    const now = judgeTarget(parts.door.snapshot(), client, target, parts.door.databaseNowMs());
    if (isListed && now.kind !== 'listed') return await end('egress-denied', 'The entry left the allowlist.');
    // An approval opens one connection of an identity that may ask; where that was taken back meanwhile, it opens none.
    if (now.kind === 'denied') return await end('egress-denied', now.reason);
    const cidr = isListed && now.kind === 'listed' ? now.cidr : null;
    const addresses = await judgedAddresses(parts.dialOptions, { host: target.host, port: target.port, cidr });
    if (!addresses.ok) return await end(addresses.error.code, addresses.error.reason);
    if (passage.cutSignal.aborted) return await end(cutCode(passage.cutSignal));
    const stopped = parts.door.refusalNow(call);
    if (stopped !== null) return await end(stopped.code, stopped.detail);
    const ended = AbortSignal.any([left, passage.cutSignal]);
    const dialled = await dial(parts.dialOptions, addresses.value, target.port, ended);
    if (passage.cutSignal.aborted) {
      if (dialled.ok) dialled.value.destroy();
      return await end(cutCode(passage.cutSignal));
    }
    if (!dialled.ok) return await end(dialled.error.code, dialled.error.reason);
    passage.attach(dialled.value);
    return { kind: 'open', passage, upstream: dialled.value };
  } catch (error) {
    await passage.finish('failed', 'internal');
    throw error;
  }
}

/** Why a passage was cut, in the table's words. */
export function cutCode(signal: AbortSignal): ProblemCode {
  const { reason } = signal;
  return signal.aborted && typeof reason === 'string' ? codeOf(reason) : 'killed';
}

function codeOf(text: string): ProblemCode {
  return isProblemCode(text) ? text : 'internal';
}

function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}
