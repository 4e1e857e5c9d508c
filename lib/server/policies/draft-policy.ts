// Server-only.
import type { z } from 'zod';
import type { PolicyDetail, policyDraftSchema } from '#lib/contracts/policies.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import { policyContent } from './policy-content.ts';
import { policyDetail } from './policy-detail.ts';
import { policyMoved } from './policy-event.ts';
import { readInForce } from './policy-rows.ts';

/**
 * Opens a draft. It decides nothing until it is published. Refuses a base that is not in force: its author would see
 * differences from something that nobody is governed by. Going back is a draft with an older version's rules.
 */
export function draftPolicy(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: z.infer<typeof policyDraftSchema>,
): Promise<Result<PolicyDetail, ConfigRefusal>> {
  return writeConfig(deps, actor, async (write) => {
    const { tx, now } = write;
    const inForce = await readInForce(tx);
    if (inForce.version !== input.baseVersion) {
      return refuse('conflict', `Version ${inForce.version} is in force by now; begin from that one.`);
    }
    const content = policyContent(input.rules);
    const row = await tx.policyVersion.create({
      data: {
        status: 'draft',
        baseVersion: inForce.version,
        rules: content.json,
        contentHash: content.hash,
        note: input.note,
        createdBy: personIdOf(actor),
        createdAt: now,
        publishedAt: null,
      },
    });
    await policyMoved(write, 'policy.drafted', row, { detail: { rules: content.json.length } });
    return ok(await policyDetail(tx, row, actor));
  });
}
