// Server-only.
import { voteSubject } from '#lib/core/approvals/step-up.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { nativeSha256Hex } from '../calls/native-hash.ts';

export type EmergencyTerms = { readonly reason: string; readonly ticket: string; readonly minutes: number };

/** What the passkey signs when an emergency is opened: by whom, why, under which ticket and for how long. */
export function emergencySubject(personId: string, terms: EmergencyTerms): string {
  const { reason, ticket, minutes } = terms;
  const digest = nativeSha256Hex(`countersign/break-glass/v1\n${canonicalJson({ minutes, reason, ticket })}`);
  return voteSubject({ id: personId, decision: 'open', digest });
}
