// Next-only. The body of a write: strict JSON of a bounded size, parsed by a contract.
import type { z } from 'zod';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { err, ok, type Result } from '#lib/core/result.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export type BodyRefusal = { readonly code: ProblemCode; readonly detail: string };

/**
 * Reads and parses a body.
 * Refuses every media type but application/json: text/plain can be posted across sites without a preflight.
 * The refusal names the field, never its value, which may be a password.
 */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<Result<T, BodyRefusal>> {
  const text = await request.text();
  if (text !== '' && mediaType(request) !== 'application/json') {
    return err({ code: 'unsupported-media-type', detail: 'The body must be application/json.' });
  }
  const json = parseStrict(text === '' ? '{}' : text, { maxBytes: MAX_BODY_BYTES });
  if (!json.ok) return err({ code: json.error.code, detail: json.error.reason });
  return fits(schema, json.value);
}

/** Parses a value by a contract into a refusal that names the first field that does not fit. */
export function fits<T>(schema: z.ZodType<T>, value: unknown): Result<T, BodyRefusal> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  return err({
    code: 'invalid-request',
    detail: `${path === '' ? 'request' : path}: ${issue?.message ?? 'not valid'}`,
  });
}

function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
