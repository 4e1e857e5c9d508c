// The two sides of a held call when everything around them breaks: an agent that asks again, and a reviewer who votes again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type HoldRecord, holdRecordSchema } from '#lib/contracts/calls.ts';
import type { ApprovalRequest } from '#lib/server/generated/prisma/client.ts';
import { visit } from '#tests/fixtures/console.ts';
import { rawCall } from '#tests/fixtures/gateway.ts';
import { argumentsIn } from '#tests/fixtures/mcp-agent.ts';
import { FILES, type Stack } from '#tests/fixtures/stack.ts';

const AGAIN_MS = 50;
/** Longer than any healing takes. Without it the poll of a failed test would keep its process alive for ever. */
const PATIENCE_MS = 60_000;
/** As the database client spells them: with an underscore. */
export type Status = ApprovalRequest['status'];
let nextId = 1;

/** How one attempt ended: with the tool's text, with a record of ours, or with a connection that broke. */
export type Attempt =
  | { readonly kind: 'ran'; readonly text: string }
  | { readonly kind: 'record'; readonly record: HoldRecord }
  | { readonly kind: 'broken' };
export type Args = Readonly<Record<string, unknown>>;

/** One attempt, without any client library that would repeat or hide something. */
export async function attempt(stack: Stack, token: string, tool: string, args: Args): Promise<Attempt> {
  const port = Number(new URL(stack.gatewayUrl).port);
  const message = { id: nextId++, method: 'tools/call', params: { name: tool, arguments: args } };
  let text: string;
  try {
    ({ text } = await rawCall({ port }, `/mcp/${FILES}`, token, message));
  } catch {
    return { kind: 'broken' };
  }
  return readAttempt(text);
}

function readAttempt(text: string): Attempt {
  const last = text.startsWith('{')
    ? text
    : (text.split('\n').findLast((line) => line.startsWith('data: ')) ?? '').slice(6);
  // The stream was cut before its last message.
  if (!last.includes('"result"')) return { kind: 'broken' };
  const { result } = JSON.parse(last);
  const record = holdRecordSchema.safeParse(result.structuredContent);
  return record.success ? { kind: 'record', record: record.data } : { kind: 'ran', text: result.content[0].text };
}

/** Looks again until something is there. Throws, saying what was missing, when nothing came in a minute. */
async function patiently<T>(missing: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    await delay(AGAIN_MS);
  }
  throw new Error(`after ${PATIENCE_MS / 1000} s there was still no ${missing}`);
}

const COME_BACK = ['approval-pending', 'database-unavailable', 'audit-unavailable', 'not-ready'];

/** The agent of the field guide: calls the same tool with the same arguments until it has an answer that is final. */
export async function persist(stack: Stack, token: string, tool: string, args: Args): Promise<Attempt> {
  return patiently('final answer', async () => {
    const last = await attempt(stack, token, tool, args);
    const final = last.kind === 'ran' || (last.kind === 'record' && !COME_BACK.includes(last.record.code));
    return final ? last : null;
  });
}

/** The newest request for the tool other than those given, as soon as it is there. */
export async function requestFor(
  stack: Stack,
  tool: string,
  not: readonly string[] = [],
): Promise<{ id: string; callId: string }> {
  return patiently(`pending request for ${tool}`, () =>
    stack.prisma.approvalRequest
      .findFirst({
        where: { toolName: tool, status: 'pending', id: { notIn: [...not] } },
        orderBy: { requestedAt: 'desc' },
      })
      .catch(() => null),
  );
}

/** A reviewer at the console: signs in and votes over HTTP, again with the same key while nothing answers. */
export async function decide(
  stack: Stack,
  email: string,
  requestId: string,
  decision: 'approve' | 'deny',
): Promise<void> {
  const key = randomUUID();
  await patiently('vote that was taken', async () => {
    const status = await voteOnce(stack, email, requestId, decision, key).catch(() => 0);
    if (status === 200) return true;
    assert.ok(status === 0 || status >= 500, `the vote was refused with ${status}`);
    return null;
  });
}

/** One try of a vote; the HTTP status. Throws when nothing answered. */
export async function voteOnce(
  stack: Stack,
  email: string,
  requestId: string,
  decision: 'approve' | 'deny',
  key: string,
): Promise<number> {
  const reviewer = visit({ url: stack.consoleUrl, port: 0, stop: async () => null });
  const signedIn = await reviewer.signIn(email);
  if (signedIn.status !== 200) return signedIn.status;
  const shown = await reviewer.send('GET', `/api/v1/approvals/${requestId}`);
  if (shown.status !== 200) return shown.status;
  const { digest } = JSON.parse(shown.text);
  const headers = { 'idempotency-key': key };
  const voted = await reviewer.send('POST', `/api/v1/approvals/${requestId}/votes`, {
    body: { decision, digest },
    headers,
  });
  return voted.status;
}

/** How often these arguments reached the upstream: the judge over "once". */
export function timesRun(stack: Stack, canonical: string): number {
  return stack.upstream.calls.filter((call) => argumentsIn(call.body) === canonical).length;
}

/** Waits until the request has one of these statuses. */
export async function reaches(stack: Stack, requestId: string, statuses: readonly Status[]): Promise<Status> {
  return patiently(`request that is ${statuses.join(' or ')}`, async () => {
    const row = await stack.prisma.approvalRequest.findUnique({ where: { id: requestId } }).catch(() => null);
    return row !== null && statuses.includes(row.status) ? row.status : null;
  });
}
