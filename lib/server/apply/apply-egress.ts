// Server-only.
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { normaliseHost } from '#lib/core/egress/read-url.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { certificateId } from '../credentials/certificate-use.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import { addEgressEntryIn } from '../egress/add-entry.ts';
import { changeEgressEntryIn } from '../egress/change-entry.ts';
import { setOnFirstSeenIn } from '../egress/egress-identities.ts';
import { placeOf } from '../egress/entry-place.ts';
import { type ApplyRun, at, type Step } from './apply-run.ts';
import type { EgressIdentityInFile, EgressInFile } from './config-file.ts';

/** An entry of the file as the use-case takes it; a plain date means the end of that day, UTC. */
export function entryInput(entry: EgressInFile): EgressEntryInput {
  const { scheme, host, port, reason, identity, owner, tlsPin } = entry;
  return {
    scheme,
    host: normaliseHost(host),
    port,
    path: entry.path ?? '/',
    cidr: entry.cidr ?? null,
    reason,
    expires: entry.expires === undefined ? null : endOf(entry.expires),
    identity,
    owner,
    tlsPin,
  };
}

function endOf(text: string): string {
  return text.includes('T') ? new Date(text).toISOString() : `${text}T23:59:59.000Z`;
}

/**
 * Makes the destinations of the file be there, and those that were confirmed: one that is listed with another end, reason
 * or owner is renewed. Entries that the file does not name stay. The gateway's own come before the servers that need them,
 * those of agents and stdio servers after the agents and servers they are for, those that
 * show a certificate after it.
 */
export async function applyEgress(
  run: ApplyRun,
  entries: readonly EgressInFile[],
  whose: 'gateway' | 'others',
): Promise<Step> {
  const mine: { path: readonly (string | number)[]; input: EgressEntryInput }[] = [];
  for (const [index, entry] of entries.entries()) {
    const path = ['egress', index];
    const late = (entry.identity ?? GATEWAY_IDENTITY) !== GATEWAY_IDENTITY || entry.clientCertificate !== undefined;
    if (late !== (whose === 'others')) continue;
    const input = await withCertificate(run, entry);
    if (!input.ok) return at(path, input.error);
    mine.push({ path, input: input.value });
  }
  if (whose === 'gateway') mine.push(...run.confirmedEgress.map((input) => ({ path: ['egress'], input })));
  // Two lines of the file may differ only in their ends: each keeps the entry that is exactly its own.
  const claimed = new Set<string>();
  for (const { input } of mine) {
    const exact = await exactlyThere(run, input);
    if (exact !== null) claimed.add(exact);
  }
  for (const { path, input } of mine) {
    const step = await applyOne(run, input, claimed, path);
    if (!step.ok) return step;
  }
  return ok(null);
}

/** The entry with the certificate that it names, which is in the vault by now. */
async function withCertificate(run: ApplyRun, entry: EgressInFile): Promise<Result<EgressEntryInput, ConfigRefusal>> {
  const input = entryInput(entry);
  if (entry.clientCertificate === undefined) return ok(input);
  const clientCertificate = await certificateId(run.write.tx, entry.clientCertificate);
  if (clientCertificate === null) return refuse('invalid-request', 'There is no client certificate of that name.');
  return ok({ ...input, clientCertificate });
}

async function applyOne(
  run: ApplyRun,
  input: EgressEntryInput,
  claimed: Set<string>,
  path: readonly (string | number)[],
): Promise<Step> {
  const name = `${input.scheme}://${input.host}:${input.port}${input.path}`;
  const there = (await exactlyThere(run, input)) ?? (await sameElsewhen(run, input, claimed));
  if (there === null) {
    const added = await addEgressEntryIn(run.write, input);
    if (!added.ok) return at(path, added.error);
    run.changes.push({ kind: 'add', what: 'egress', name, fields: [] });
    return ok(null);
  }
  claimed.add(there);
  const { reason, expires, owner } = input;
  const changed = await changeEgressEntryIn(run.write, there, {
    reason,
    expires,
    ...(owner === undefined ? {} : { owner }),
  });
  if (!changed.ok) return at(path, changed.error);
  const { fields } = changed.value;
  if (fields.length > 0) run.changes.push({ kind: 'change', what: 'egress', name, fields });
  return ok(null);
}

/** Asked before the entry is judged: one that has run out since is still the same entry, and no change. */
async function exactlyThere(run: ApplyRun, input: EgressEntryInput): Promise<string | null> {
  const expiresAt = input.expires === null ? null : new Date(input.expires);
  const where = { ...placeOf(input), expiresAt, revokedAt: null };
  return (await run.write.tx.egressEntry.findFirst({ where, select: { id: true } }))?.id ?? null;
}

async function sameElsewhen(
  run: ApplyRun,
  input: EgressEntryInput,
  claimed: ReadonlySet<string>,
): Promise<string | null> {
  const where = { ...placeOf(input), revokedAt: null, id: { notIn: [...claimed] } };
  const found = await run.write.tx.egressEntry.findFirst({ where, orderBy: { id: 'asc' }, select: { id: true } });
  return found?.id ?? null;
}

/** Sets what happens to unlisted destinations of the identities that the file names. */
export async function applyEgressIdentities(run: ApplyRun, identities: readonly EgressIdentityInFile[]): Promise<Step> {
  for (const [index, { identity, onFirstSeen }] of identities.entries()) {
    const set = await setOnFirstSeenIn(run.write, identity, onFirstSeen);
    if (!set.ok) return at(['egressIdentities', index], set.error);
    if (set.value.changed) {
      run.changes.push({ kind: 'change', what: 'egress', name: identity, fields: ['onFirstSeen'] });
    }
  }
  return ok(null);
}
