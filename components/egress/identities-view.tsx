'use client';

import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { plural } from '#lib/client/format.ts';
import type { EgressIdentities } from '#lib/contracts/egress.ts';
import { GATEWAY, identityWords } from './entry-words.ts';
import { useIdentityChoices } from './identity-select.tsx';
import { useIdentities, useSetFirstSeen } from './use-egress.ts';

type View = EgressIdentities['items'][number];

const CHOICES = [
  { value: 'deny', text: 'Deny' },
  { value: 'ask', text: 'Ask' },
] as const;

/** What happens when somebody asks for a host that nobody listed. */
export function IdentitiesView({ bar }: { readonly bar: string | null }) {
  const query = useIdentities();
  const choices = useIdentityChoices();
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-40" />}>
      {({ items }) => {
        const known = new Map(items.map((item) => [item.identity, item]));
        const all = choices.map<View>(
          (identity) => known.get(identity) ?? { identity, onFirstSeen: 'deny', entries: 0 },
        );
        return <IdentityTable identities={all} bar={bar} />;
      }}
    </Loaded>
  );
}

function IdentityTable({ identities, bar }: { readonly identities: readonly View[]; readonly bar: string | null }) {
  const set = useSetFirstSeen();
  return (
    <div className="grid gap-3">
      {set.problem !== null && <ProblemNotice problem={set.problem} />}
      <Card flush>
        <Table caption="Unlisted hosts by identity" reflow>
          <thead>
            <tr>
              <Th>Who</Th>
              <Th>On the list</Th>
              <Th>A host that nobody listed</Th>
            </tr>
          </thead>
          <tbody>
            {identities.map(({ identity, onFirstSeen, entries }) => (
              <Tr key={identity}>
                <Td className="font-medium">{identityWords(identity)}</Td>
                <Td className="tabular text-ink-2">{plural(entries, 'destination')}</Td>
                <Td className="max-sm:ml-auto">
                  {identity === GATEWAY || bar !== null ? (
                    <span className="text-ink-2">
                      {onFirstSeen === 'ask' ? 'waits for a person' : 'is denied'}
                      {identity === GATEWAY && <span className="text-ink-3">, always</span>}
                    </span>
                  ) : (
                    <Segmented
                      label={`Unlisted hosts of ${identityWords(identity)}`}
                      value={onFirstSeen}
                      options={CHOICES}
                      onChange={(chosen) => void set.run({ identity, onFirstSeen: chosen })}
                    />
                  )}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Card>
      <p className="max-w-[72ch] text-ink-3 text-xs">
        “Ask” lets the first connection to an unlisted host wait for a person, like a held call; the request names host
        and port. Metadata and private addresses are denied either way.
      </p>
    </div>
  );
}
