// Server-only. The rows of the token-signing keys: taken in, replaced, retired.

import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { nextSigningStep } from '#lib/core/identity/signing-schedule.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import {
  createTokenSigner,
  newSigningKey,
  publishedJwkSchema,
  type SigningKeyRow,
  sealSigningKey,
  type TokenSigner,
} from '../keys/token-signing.ts';

type SigningDeps = { readonly prisma: Database; readonly keys: Pick<Keys, 'masterKey' | 'tokenSigning'> };

/** The keys whose tokens may count at this moment, the next one included. */
export async function readSigningKeys(tx: Tx, now: Date): Promise<readonly SigningKeyRow[]> {
  const rows = await tx.signingKey.findMany({
    where: { OR: [{ retiresAt: null }, { retiresAt: { gt: now } }] },
    orderBy: { signsFrom: 'asc' },
  });
  return rows.map((row) => ({
    kid: row.kid,
    jwk: publishedJwkSchema.parse(row.jwk),
    signsFromMs: row.signsFrom.getTime(),
    retiresAtMs: row.retiresAt?.getTime() ?? null,
  }));
}

const signers = new WeakMap<Database, TokenSigner>();

/**
 * A signer that reads the table each time: for the token endpoint, whose answers are good for a quarter of an hour. One
 * for each database handle, so that a private half is unsealed once and not for every token.
 */
export function tableSigner({ prisma, keys }: SigningDeps): TokenSigner {
  const known = signers.get(prisma);
  if (known !== undefined) return known;
  const signer = createTokenSigner({
    keys,
    list: async () => readSigningKeys(prisma, await databaseNow(prisma)),
    sealed: async (kid) => (await prisma.signingKey.findUnique({ where: { kid } }))?.sealed ?? null,
  });
  signers.set(prisma, signer);
  return signer;
}

/**
 * Takes the key file in as the first signing key, once. Assumes nothing: several processes may start together, and the
 * table's lock lets one of them write.
 */
export async function ensureSigningKey({ prisma, keys }: SigningDeps): Promise<void> {
  if ((await prisma.signingKey.count()) > 0) return;
  await withTx(prisma, async (tx) => {
    await lockKeys(tx);
    if ((await tx.signingKey.count()) > 0) return;
    const { kid, jwk, privateKey } = keys.tokenSigning;
    const signsFrom = await databaseNow(tx);
    await tx.signingKey.create({ data: { kid, jwk, sealed: bytes(sealSigningKey(keys, kid, privateKey)), signsFrom } });
    await record(tx, keys, 'signing-key.added', { kid, signsFrom: signsFrom.toISOString() });
    await bumpConfig(tx, 'agents', kid);
  });
}

/**
 * Publishes the next key when it is due and forgets the private halves of those that are over; for the worker. The
 * database's clock decides. Several workers may do it at once: the second finds nothing to do.
 */
export async function rotateSigningKeys(deps: SigningDeps): Promise<void> {
  await ensureSigningKey(deps);
  const { prisma, keys } = deps;
  await withTx(prisma, async (tx) => {
    await lockKeys(tx);
    const now = await databaseNow(tx);
    const step = nextSigningStep(await readSigningKeys(tx, now), now.getTime());
    if (step.kind === 'publish') {
      const { kid, jwk, privateKey } = newSigningKey();
      const signsFrom = new Date(step.signsFromMs);
      await tx.signingKey.update({
        where: { kid: step.retires.kid },
        data: { retiresAt: new Date(step.retires.atMs) },
      });
      await tx.signingKey.create({
        data: { kid, jwk, sealed: bytes(sealSigningKey(keys, kid, privateKey)), signsFrom },
      });
      await record(tx, keys, 'signing-key.added', { kid, signsFrom: signsFrom.toISOString() });
      await bumpConfig(tx, 'agents', kid);
    }
    const over = await tx.signingKey.findMany({ where: { retiresAt: { lte: now }, sealed: { not: null } } });
    for (const { kid } of over) {
      await tx.signingKey.update({ where: { kid }, data: { sealed: null } });
      await record(tx, keys, 'signing-key.retired', { kid });
      await bumpConfig(tx, 'agents', kid);
    }
  });
}

async function lockKeys(tx: Tx): Promise<void> {
  await tx.$executeRaw`LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE`;
}

function record(
  tx: Tx,
  keys: Pick<Keys, 'masterKey'>,
  type: 'signing-key.added' | 'signing-key.retired',
  detail: Readonly<Record<string, string>>,
): Promise<unknown> {
  return recordEvent(tx, keys, { type, actor: auditActor('system'), detail });
}

/** Prisma wants bytes of an ArrayBuffer of their own. */
function bytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(buffer);
}
