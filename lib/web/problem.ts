// Next-only. Answers as JSON or as RFC 9457 problems; nothing else leaves the API.
import { type ProblemCode, problem } from '#lib/contracts/problems.ts';

const NO_STORE = { 'cache-control': 'no-store' } as const;

/** A JSON answer that no cache keeps. BigInt never reaches here: wire shapes say strings. */
export function jsonAnswer(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { ...NO_STORE, 'content-type': 'application/json; charset=utf-8' },
  });
}

/**
 * The problem document of a code (RFC 9457), with extra members such as `record` or `needs` beside it.
 * Assumes that `detail` and `extra` carry nothing the caller may not read: no arguments, no tokens, no rule text.
 */
export function problemAnswer(
  code: ProblemCode,
  detail?: string,
  extra: Readonly<Record<string, unknown>> = {},
): Response {
  const document = problem(code, detail);
  return new Response(JSON.stringify({ ...extra, ...document }), {
    status: document.status,
    headers: { ...NO_STORE, 'content-type': 'application/problem+json; charset=utf-8' },
  });
}
