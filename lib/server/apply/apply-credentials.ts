// Server-only. Credentials of the file: what they are; their secrets come from the host, by name.
import { isAbsolute } from 'node:path';
import { credentialConfigSchema } from '#lib/contracts/credentials.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { addCredentialIn } from '../credentials/add-credential.ts';
import { changeCredentialIn, type HostPatch } from '../credentials/change-credential.ts';
import { findCredential } from '../credentials/find-credential.ts';
import { needsSecret } from '../credentials/new-secret.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import { secretVariable } from '../env.ts';
import { KeyFileError, readSecret } from '../keys/key-files.ts';
import { type ApplyRun, at, type Step } from './apply-run.ts';
import type { ConfigFile, CredentialInFile } from './config-file.ts';

const END_OF_DAY = 'T23:59:59.000Z';

/**
 * Makes credentials so. One that is not there is added with the secret that the host has for it; without one a note says how
 * to give it. Of one that is there only end, overlap and rotation change: another secret is a rotation, which asks the server
 * first, and another kind or server is another credential.
 */
export async function applyCredentials(
  run: ApplyRun,
  credentials: NonNullable<ConfigFile['credentials']>,
): Promise<Step> {
  for (const [index, wanted] of credentials.entries()) {
    const path = ['credentials', index];
    const present = await findCredential(run.write.tx, wanted.name);
    const done = present === null ? await add(run, wanted) : await change(run, wanted, present);
    if (!done.ok) return at(path, done.error);
  }
  return ok(null);
}

async function add(run: ApplyRun, wanted: CredentialInFile): Promise<Result<null, ConfigRefusal>> {
  const { name, server, config, overlapMinutes = 10, rotateEveryDays, ends, reason } = wanted;
  const secret = needsSecret(config) ? secretOf(wanted) : ok(undefined);
  if (!secret.ok) return secret;
  if (needsSecret(config) && secret.value === undefined) {
    run.notes.push(
      `The credential ${name} has no secret yet: "countersign credentials add ${name} --server ${server}".`,
    );
    return ok(null);
  }
  const added = await addCredentialIn(run.write, {
    name,
    server,
    config,
    overlapMinutes,
    ...(secret.value === undefined ? {} : { secret: secret.value }),
    ...(ends === undefined ? {} : { endsAt: endOf(ends) }),
    ...(rotateEveryDays === undefined ? {} : { rotateEveryDays }),
    reason,
  });
  if (!added.ok) return added;
  run.changes.push({ kind: 'add', what: 'credential', name, fields: [] });
  if (wanted.rotate === undefined) return ok(null);
  const hooked = await changeCredentialIn(run.write, added.value.id, { hook: hookOf(wanted.rotate), reason });
  return hooked.ok ? ok(null) : hooked;
}

type Present = NonNullable<Awaited<ReturnType<typeof findCredential>>>;

async function change(run: ApplyRun, wanted: CredentialInFile, present: Present): Promise<Result<null, ConfigRefusal>> {
  const { name, server, config, ends, overlapMinutes, rotateEveryDays, rotate, reason } = wanted;
  const stored = credentialConfigSchema.parse(present.config);
  if (present.server.name === server && stored.kind === 'client-certificate' && config.kind === stored.kind) {
    if (stored.certificate.trim() !== config.certificate.trim()) {
      const how = `countersign credentials rotate ${name} --certificate-file FILE`;
      return refuse('conflict', `${name} shows another certificate here: "${how}" tries this one first.`);
    }
  } else if (present.server.name !== server || !isSame(stored, config)) {
    return refuse('conflict', `${name} is another credential here: retire it first, or choose another name.`);
  }
  const before = present;
  const patch: HostPatch = {
    ...(ends === undefined ? {} : { endsAt: endOf(ends) }),
    ...(overlapMinutes === undefined ? {} : { overlapMinutes }),
    ...(rotateEveryDays === undefined ? {} : { rotateEveryDays }),
    ...(rotate === undefined ? {} : { hook: hookOf(rotate) }),
    reason,
  };
  const changed = await changeCredentialIn(run.write, present.id, patch);
  if (!changed.ok) return changed;
  const after = await findCredential(run.write.tx, present.id);
  const fields = after === null ? [] : differing(before, after);
  if (fields.length > 0) run.changes.push({ kind: 'change', what: 'credential', name, fields });
  return ok(null);
}

function differing(before: Present, after: Present): string[] {
  const fields: string[] = [];
  if (before.endsAt?.getTime() !== after.endsAt?.getTime()) fields.push('ends');
  if (before.overlapMinutes !== after.overlapMinutes) fields.push('overlapMinutes');
  if (before.rotateEveryDays !== after.rotateEveryDays) fields.push('rotateEveryDays');
  if (JSON.stringify(before.hook) !== JSON.stringify(after.hook)) fields.push('rotate');
  return fields;
}

/** The secret that the host has for it. The refusal names the place and quotes nothing. */
function secretOf({ fromFile, fromEnv }: CredentialInFile): Result<string | undefined, ConfigRefusal> {
  if (fromFile !== undefined && fromEnv !== undefined) {
    return refuse('invalid-request', 'Give fromFile or fromEnv, not both.');
  }
  if (fromEnv !== undefined) {
    const value = secretVariable(fromEnv);
    return value === undefined || value === '' ? refuse('invalid-request', `${fromEnv} is not set.`) : ok(value);
  }
  if (fromFile === undefined) return ok(undefined);
  if (!isAbsolute(fromFile)) return refuse('invalid-request', 'fromFile must be an absolute path.');
  try {
    return ok(readSecret(fromFile).replace(/\r?\n$/, ''));
  } catch (error) {
    if (error instanceof KeyFileError) return refuse('invalid-request', error.message);
    return refuse('invalid-request', 'The secret file cannot be read.');
  }
}

function hookOf(rotate: NonNullable<CredentialInFile['rotate']>): HostPatch['hook'] {
  return 'webhook' in rotate ? { kind: 'webhook', url: rotate.webhook } : { kind: 'command', argv: rotate.command };
}

function endOf(text: string): string {
  return text.includes('T') ? new Date(text).toISOString() : `${text}${END_OF_DAY}`;
}

function isSame(a: object, b: object): boolean {
  const ordered = (value: object) =>
    JSON.stringify(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .toSorted(),
    );
  return ordered(a) === ordered(b);
}
