// Server-only. What the decision API says, and how.
import type { CallAnswer } from '#lib/contracts/calls.ts';
import { PROBLEMS, type ProblemCode, problem } from '#lib/contracts/problems.ts';
import type { TokenSigner } from '../keys/token-signing.ts';
import type { DecisionCallRow } from './decision-calls.ts';
import { signReceipt } from './receipt.ts';

const POLL_AFTER_MS = 2_000;
const REPORT = 'Run exactly this call now, then report how it ended to POST /api/v1/calls/<callId>/outcome.';
const OVER = 'This call was allowed and is over. Do not run it again.';

/** The answer that a record stands for. The receipt is there as long as the call counts as allowed. */
export async function answerOf(
  row: DecisionCallRow,
  signer: { readonly signer: TokenSigner; readonly issuer: string },
): Promise<CallAnswer> {
  const common = {
    callId: row.id,
    code: row.code,
    state: row.state,
    message: row.message,
    tier: row.tier,
    actionClass: row.action_class,
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    digest: row.digest,
  };
  switch (row.state) {
    case 'pending':
      return {
        ...common,
        decision: 'pending',
        next: 'Ask again for this callId: the answer changes once a reviewer has decided. Do not work around this.',
        ...(row.expires_at === null ? {} : { expiresAt: row.expires_at.toISOString() }),
        pollAfterMs: POLL_AFTER_MS,
      };
    case 'allowed': {
      const authorization =
        row.allowed_at === null ? {} : { authorization: await signReceipt(row, row.allowed_at, signer) };
      return { ...common, decision: 'allow', next: REPORT, ...authorization };
    }
    case 'succeeded':
    case 'failed':
    case 'unknown-outcome':
      // The stored sentence invites to run the call, which an agent that polls late must not read.
      return { ...common, decision: 'allow', message: OVER, next: 'The call is closed. Ask anew to run it again.' };
    case 'denied':
    case 'cancelled':
      return { ...common, decision: 'deny', next: nextOf(row.code) };
  }
}

function nextOf(code: string): string {
  return isProblemCode(code) ? PROBLEMS[code].next : 'Do not retry or work around this.';
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** JSON that no cache keeps. */
export function sendJson(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': type, 'cache-control': 'no-store', ...headers },
  });
}

/** A problem document (RFC 9457). */
export function sendProblem(code: ProblemCode, detail?: string, headers: Record<string, string> = {}): Response {
  const document = problem(code, detail);
  return sendJson(document, document.status, headers);
}
