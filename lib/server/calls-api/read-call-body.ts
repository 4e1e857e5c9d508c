// Server-only. The raw body of a decision API request, read strictly.
import type { z } from 'zod';
import { callBodySchema } from '#lib/contracts/calls.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { hasCaseVariantKeys } from '#lib/core/json/envelope-keys.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonObject, type JsonObject } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { CallArguments } from '../calls/attempt.ts';
import { readArguments } from '../calls/read-arguments.ts';

/** Arguments may take 1 MiB; the envelope around them gets some room of its own. */
export const MAX_BODY_BYTES = 1024 * 1024 + 64 * 1024;

export type CallBody = {
  readonly fields: z.infer<typeof callBodySchema>;
  readonly args: CallArguments;
  /** The body as it was parsed, for the idempotency hash. */
  readonly json: JsonObject;
};

/**
 * Reads a body as one I-JSON object, with exactly the members of the contract.
 * Refuses other media types, what two readers could understand differently, and keys that differ in case only.
 */
export async function readJsonObject(request: Request): Promise<Result<JsonObject, Refusal>> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return err({ code: 'unsupported-media-type' });
  const json = parseStrict(await request.text(), { maxBytes: MAX_BODY_BYTES });
  if (!json.ok) return err({ code: json.error.code, detail: json.error.reason });
  return isJsonObject(json.value)
    ? ok(json.value)
    : err({ code: 'invalid-request', detail: 'The body must be an object.' });
}

/** Reads the body of POST /api/v1/calls; the arguments are canonicalised here and never touched again. */
export async function readCallBody(request: Request): Promise<Result<CallBody, Refusal>> {
  const json = await readJsonObject(request);
  if (!json.ok) return json;
  if (hasCaseVariantKeys(json.value, Object.keys(callBodySchema.shape))) {
    return err({ code: 'bad-json', detail: 'A member is written with other letters than the contract.' });
  }
  const fields = parseBody(callBodySchema, json.value);
  if (!fields.ok) return fields;
  const args = readArguments(json.value.arguments);
  if (!args.ok)
    return err(
      args.error.detail === undefined
        ? { code: args.error.code }
        : { code: args.error.code, detail: args.error.detail },
    );
  return ok({ fields: fields.value, args: args.value, json: json.value });
}

/** Parses by a contract; the refusal names the first member that does not fit, never its value. */
export function parseBody<T>(schema: z.ZodType<T>, value: JsonObject): Result<T, Refusal> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  return err({ code: 'invalid-request', detail: `${path === '' ? 'body' : path}: ${issue?.message ?? 'not valid'}` });
}
