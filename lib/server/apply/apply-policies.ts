// Server-only.

import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { ok } from '#lib/core/result.ts';
import { nativeSha256Hex } from '../calls/native-hash.ts';
import { bumpConfig } from '../db/config-head.ts';
import type { ApplyRun, Step } from './apply-run.ts';
import { type PolicyInFile, secondsOf } from './config-file.ts';

/** A rule of the file as policy versions store it. */
export function ruleOf(policy: PolicyInFile): JsonObject {
  const { agents, servers, tools, tier, class: classes } = policy.when;
  return {
    name: policy.name,
    when: {
      ...(agents === undefined ? {} : { agents }),
      ...(servers === undefined ? {} : { servers }),
      ...(tools === undefined ? {} : { tools }),
      ...(tier === undefined ? {} : { tiers: tier }),
      ...(classes === undefined ? {} : { classes }),
    },
    // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
    then: policy.then,
    ...(policy.quorum === undefined ? {} : { quorum: policy.quorum }),
    ...(policy.expires === undefined ? {} : { expiresInS: secondsOf(policy.expires) }),
  };
}

/**
 * Publishes the policies of the file as a new version when they differ from the one in force. A version is a whole: rules
 * that the file no longer names are gone with it.
 */
export async function applyPolicies(run: ApplyRun, policies: readonly PolicyInFile[]): Promise<Step> {
  const { tx, now, actor } = run.write;
  const rules = policies.map(ruleOf);
  const text = canonicalJson(rules);
  const current = await tx.policyVersion.findFirst({ where: { status: 'published' }, orderBy: { version: 'desc' } });
  if (text === (current === null ? '[]' : canonicalStored(current.rules))) return ok(null);
  const published = await tx.policyVersion.create({
    data: {
      rules,
      contentHash: nativeSha256Hex(text),
      note: 'countersign.yaml',
      createdBy: personIdOf(actor),
      publishedAt: now,
    },
  });
  await bumpConfig(tx, 'policies', String(published.version));
  run.changes.push({
    kind: 'change',
    what: 'policies',
    name: `version ${published.version}`,
    fields: policies.map((policy) => policy.name),
  });
  return ok(null);
}

function canonicalStored(rules: unknown): string {
  const read = parseStrict(JSON.stringify(rules));
  if (!read.ok) throw new Error('the stored policy is not I-JSON');
  return canonicalJson(read.value);
}
