// Server-only.
import type { z } from 'zod';
import type { PolicyDetail, policyPatchSchema } from '#lib/contracts/policies.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { lockPolicies } from './lock-policies.ts';
import { policyContent } from './policy-content.ts';
import { policyDetail } from './policy-detail.ts';
import { policyMoved } from './policy-event.ts';
import type { PolicyRow } from './policy-rows.ts';

type Patch = z.infer<typeof policyPatchSchema>;

/**
 * Changes a draft, or gives up a draft or a proposal. Only its author edits a draft: a version with two authors would let
 * one of them approve their own lines. Any admin may give one up. What is published or withdrawn stays as it is.
 */
export function changeDraft(
  deps: ConfigDeps,
  actor: ConfigActor,
  version: number,
  patch: Patch,
): Promise<Result<PolicyDetail, ConfigRefusal>> {
  return writeConfig(deps, actor, async (write) => {
    await lockPolicies(write.tx);
    const row = await write.tx.policyVersion.findUnique({ where: { version } });
    if (row === null) return refuse('not-found');
    if (patch.withdraw === true) return withdraw(write, row);
    if (row.status !== 'draft') return refuse('conflict', 'Only a draft can be changed.');
    if (row.createdBy !== personIdOf(actor)) {
      return refuse('not-allowed', 'Only its author changes a draft. Begin one of your own with its rules.');
    }
    return edit(write, row, patch);
  });
}

async function withdraw(write: ConfigWrite, row: PolicyRow): Promise<Result<PolicyDetail, ConfigRefusal>> {
  if (row.status !== 'draft' && row.status !== 'proposed') {
    return refuse('conflict', `Version ${row.version} is ${row.status} already.`);
  }
  const { tx, actor } = write;
  const gone = await tx.policyVersion.update({ where: { version: row.version }, data: { status: 'withdrawn' } });
  await policyMoved(write, 'policy.withdrawn', gone);
  return ok(await policyDetail(tx, gone, actor));
}

async function edit(write: ConfigWrite, row: PolicyRow, patch: Patch): Promise<Result<PolicyDetail, ConfigRefusal>> {
  const { tx, actor } = write;
  const content = patch.rules === undefined ? null : policyContent(patch.rules);
  const changed = await tx.policyVersion.update({
    where: { version: row.version },
    data: {
      ...(content === null ? {} : { rules: content.json, contentHash: content.hash }),
      ...(patch.note === undefined ? {} : { note: patch.note }),
    },
  });
  if (changed.contentHash !== row.contentHash) await policyMoved(write, 'policy.drafted', changed);
  return ok(await policyDetail(tx, changed, actor));
}
