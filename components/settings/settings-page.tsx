'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { fetching, problemOf } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useMe } from '#lib/client/use-me.ts';
import { checkpointSchema } from '#lib/contracts/audit.ts';

/** One part of the software with its version. */
export type Part = { readonly name: string; readonly version: string };

type SettingsPageProps = {
  readonly parts: readonly Part[];
  readonly gatewayUrl: string;
  /** Cards of other features, such as one's passkeys. */
  readonly children?: ReactNode;
};

/** What is installed here, and the key that a stranger needs to verify the log. */
export function SettingsPage({ parts, gatewayUrl, children }: SettingsPageProps) {
  const me = useMe();
  return (
    <Page
      title="Settings"
      intro="Your sessions and passkeys, how people sign in, and what runs here. What the host decides lives in the environment and in countersign.yaml."
      width="reading"
    >
      <div className="grid gap-4">
        {children}
        <Card title="This installation">
          <Facts>
            {parts.map((part) => (
              <Fact key={part.name} name={part.name}>
                <span className="tabular">{part.version}</span>
              </Fact>
            ))}
            <Fact name="Gateway">
              <code className="text-xs">{gatewayUrl}</code>
            </Fact>
            <Fact name="Separation of duties">
              {me.data === undefined
                ? '\u2026'
                : me.data.separation === 'solo'
                  ? 'solo: one active reviewer'
                  : 'full: two or more reviewers'}
            </Fact>
          </Facts>
        </Card>
        <LogKey />
      </div>
    </Page>
  );
}

function LogKey() {
  const query = useQuery({
    queryKey: [...queryKeys.audit.checkpoint, 'key'],
    queryFn: fetching('/api/v1/audit/checkpoint', checkpointSchema),
  });
  if (query.isError && problemOf(query.error).code === 'not-found') {
    return (
      <Card title="Log key">
        <p className="text-ink-2">
          The key shows here with the first signed checkpoint, within a minute of the first entry.
        </p>
      </Card>
    );
  }
  return (
    <Card title="Log key">
      <Loaded query={query} skeleton={<Skeleton className="h-20" />}>
        {(head) => (
          <div className="grid gap-3">
            <p className="text-ink-2">
              Keep this key somewhere that nobody who runs this server can change. With it, an export verifies offline:{' '}
              <code className="text-xs">npx countersign verify export.ndjson --key log.pub</code>
            </p>
            <div className="flex items-center gap-1 rounded-md border bg-sunken py-1 pr-1 pl-2.5">
              <code className="block min-w-0 flex-1 select-all py-1 text-xs [overflow-wrap:anywhere]">{head.vkey}</code>
              <CopyButton text={head.vkey} label="Copy the log key" />
            </div>
            <p className="text-ink-3 text-xs">
              Newest signed checkpoint: {head.size} entries, <When at={head.at} />
            </p>
          </div>
        )}
      </Loaded>
    </Card>
  );
}
