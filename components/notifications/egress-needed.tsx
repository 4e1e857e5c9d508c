'use client';

import { z } from 'zod';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { ApiProblem } from '#lib/client/api.ts';
import { type EgressEntryInput, egressEntryInputSchema } from '#lib/contracts/egress-input.ts';

const needsSchema = z.array(egressEntryInputSchema).min(1);

/** The allowlist entries that a refusal asks for, when it does. */
export function entriesNeeded(problem: ApiProblem | null): readonly EgressEntryInput[] | null {
  if (problem?.code !== 'egress-entry-needed') return null;
  const parsed = needsSchema.safeParse(problem.needs);
  return parsed.success ? parsed.data : null;
}

/** Which destinations the channel would open, before they are confirmed. */
export function EgressNeeded({ entries }: { readonly entries: readonly EgressEntryInput[] }) {
  return (
    <Notice tone="warning" role="alert" title="The allowlist does not let notifications go there yet">
      <p>Saving again adds for notifications alone:</p>
      <ul className="mt-1 grid gap-0.5">
        {entries.map((entry) => (
          <li key={`${entry.host}:${entry.port}${entry.path}`}>
            <code className="text-xs [overflow-wrap:anywhere]">
              <SafeText
                text={`${entry.scheme}://${entry.host}:${entry.port}${entry.path}${entry.cidr === null ? '' : ` at ${entry.cidr}`}`}
              />
            </code>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
