// Server-only. Step 2, second half: arguments as one value, one text, one hash.
import { argsHash } from '#lib/core/calls/digest.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { isJsonObject, type JsonValue } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { CallArguments, StepRefusal } from './attempt.ts';
import { nativeSha256Hex } from './native-hash.ts';

const MAX_CANONICAL_BYTES = 1024 * 1024;

/** Canonicalises arguments that `parseStrict` accepted. Absent means none; anything but an object is refused. */
export function readArguments(value: JsonValue | undefined): Result<CallArguments, StepRefusal> {
  const object = value === undefined ? {} : value;
  if (!isJsonObject(object)) return err({ code: 'args-invalid', detail: 'The arguments must be an object.' });
  const canonical = canonicalJson(object);
  if (canonical.length > MAX_CANONICAL_BYTES || Buffer.byteLength(canonical) > MAX_CANONICAL_BYTES) {
    return err({ code: 'args-too-large' });
  }
  return ok({ value: object, canonical, hash: argsHash(canonical, nativeSha256Hex) });
}
