// Server-only. Step 7, thin: do the arguments fit the schema that a human accepted.
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type JsonObject, ownValue } from '#lib/core/json/value.ts';
import type { SnapshotTool } from '../snapshot/snapshot.ts';
import type { StepRefusal } from './attempt.ts';
import { runBounded } from './bounded-run.ts';

export type ArgumentValidator = (tool: SnapshotTool, args: JsonObject) => StepRefusal | null;

const MOST_COMPILED = 5_000;
const MOST_CHECK_MS = 150;
const MOST_COMPILE_MS = 1_000;
/** Time is the wall's: on a machine with too much to do an honest schema may take too long once, and must not for ever. */
const TRY_AGAIN_MS = 10_000;
/** What can make a check take longer than its schema and arguments are long: backtracking, comparing pairs, branching. */
const COSTLY =
  /"(?:pattern|patternProperties|uniqueItems|anyOf|oneOf|allOf|not|if|contains|\$ref|\$dynamicRef|\$recursiveRef)"/;
const OPTIONS = {
  strict: false,
  validateFormats: false,
  allErrors: false,
  logger: false,
  addUsedSchema: false,
} as const;

/**
 * Makes the validator; schemas are compiled once per pin. Schemas are upstream text: a reference to anything outside the
 * schema is never fetched, and one that does not compile lets no call through. Neither does one that takes too long to
 * check: nobody may stop the gateway for everybody by a pattern that backtracks or a list that must be compared with itself.
 */
export function createArgumentValidator(): ArgumentValidator {
  const compiled = new Map<string, Compiled | null>();
  const tooSlowUntilMs = new Map<string, number>();
  // The first compilation of a process is many times slower than any other; nobody's call should pay for it.
  compile({ inputSchema: { type: 'object', properties: { a: { type: 'string' } } } });

  function validatorOf(tool: SnapshotTool): Compiled | null {
    const known = compiled.get(tool.digest);
    if (known !== undefined) return known;
    if (performance.now() < (tooSlowUntilMs.get(tool.digest) ?? 0)) return null;
    const validate = compile(tool.definition);
    if (compiled.size + tooSlowUntilMs.size >= MOST_COMPILED) {
      compiled.clear();
      tooSlowUntilMs.clear();
    }
    if (validate === 'too-slow') {
      tooSlowUntilMs.set(tool.digest, performance.now() + TRY_AGAIN_MS);
      return null;
    }
    compiled.set(tool.digest, validate);
    return validate;
  }

  return (tool, args) => {
    const validate = validatorOf(tool);
    if (validate === null) return { code: 'args-invalid', detail: 'The input schema of the tool cannot be used.' };
    const { fits, isCostly } = validate;
    const checked = isCostly ? runBounded(MOST_CHECK_MS, () => fits(args)) : { value: fits(args) };
    if (checked === null) return { code: 'args-invalid', detail: 'Checking them against the schema takes too long.' };
    if (checked.value) return null;
    const problem = fits.errors?.[0];
    // Path and keyword come from the accepted schema and the shape of the arguments; values are never repeated.
    const where = problem?.instancePath === undefined || problem.instancePath === '' ? '/' : problem.instancePath;
    return { code: 'args-invalid', detail: `${where.slice(0, 100)}: ${problem?.keyword ?? 'schema'} is not met.` };
  };
}

type Compiled = { readonly fits: ValidateFunction; readonly isCostly: boolean };

function compile(definition: JsonObject): Compiled | 'too-slow' | null {
  const schema = ownValue(definition, 'inputSchema');
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return null;
  try {
    const dialect = '$schema' in schema ? schema.$schema : undefined;
    // A compiler of its own for each schema: `$id`s of different servers must not meet.
    const isDraft7 = typeof dialect === 'string' && /draft-0[67]/.test(dialect);
    const made = runBounded(MOST_COMPILE_MS, () =>
      isDraft7 ? new Ajv(OPTIONS).compile(schema) : new Ajv2020(OPTIONS).compile(schema),
    );
    return made === null ? 'too-slow' : { fits: made.value, isCostly: COSTLY.test(JSON.stringify(schema)) };
  } catch {
    return null;
  }
}
