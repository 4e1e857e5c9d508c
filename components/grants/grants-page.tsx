'use client';

import { Plus, Repeat } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { plural } from '#lib/client/format.ts';
import { useGrants } from '#lib/client/use-grants.ts';
import { useRoleBar } from '#lib/client/use-me.ts';

const grantItem = arriving(() => import('./grant-item.tsx').then((file) => file.GrantItem), 'at-once');

const createGrantDialog = arriving(
  () => import('./create-grant-dialog.tsx').then((file) => file.CreateGrantDialog),
  'at-rest',
);
const FOLDERS = [
  { value: 'live', text: 'Live' },
  { value: 'ended', text: 'Ended' },
] as const;

/** Every grant: those that wait or run, and those that ended. */
export function GrantsPage() {
  const GrantItem = useArrived(grantItem);
  const [folder, setFolder] = useState<'live' | 'ended'>('live');
  const [creating, setCreating] = useState(false);
  const CreateGrantDialog = useArrived(createGrantDialog, creating);
  const query = useGrants(folder);
  const bar = useRoleBar('reviewer', 'admin');
  return (
    <Page
      title="Grants"
      intro="A grant takes the place of repeated approvals: one agent, one tool or class, within limits, for a while. It needs the same people as the hold it replaces."
      actions={
        <Button variant="primary" disabledReason={bar} onClick={() => setCreating(true)}>
          <Plus aria-hidden="true" className="size-4" />
          Grant by hand
        </Button>
      }
    >
      <div className="mb-3">
        <Segmented label="Which grants" value={folder} options={FOLDERS} onChange={setFolder} />
      </div>
      <Loaded
        query={query}
        arrived={GrantItem !== null}
        skeleton={
          <div className="grid gap-3">
            <Skeleton card className="h-28" />
            <Skeleton card className="h-28" />
          </div>
        }
      >
        {({ items }) =>
          items.length === 0 ? (
            <Card flush>
              <NoGrants folder={folder} />
            </Card>
          ) : (
            <Card title={folder === 'live' ? 'Live' : 'Ended'} aside={plural(items.length, 'grant')} flush>
              <ul>{GrantItem !== null && items.map((grant) => <GrantItem key={grant.id} grant={grant} />)}</ul>
            </Card>
          )
        }
      </Loaded>
      {CreateGrantDialog !== null && <CreateGrantDialog open={creating} onOpenChange={setCreating} />}
    </Page>
  );
}

function NoGrants({ folder }: { readonly folder: 'live' | 'ended' }) {
  return folder === 'live' ? (
    <EmptyState
      icon={<Repeat aria-hidden="true" />}
      title="No grant is live"
      action={
        <Link href="/approvals" className={buttonClasses('plain')}>
          Open the approvals
        </Link>
      }
    >
      Every risky call is decided one by one. Open a request and choose “Propose a grant” where the same one keeps
      coming back.
    </EmptyState>
  ) : (
    <EmptyState icon={<Repeat aria-hidden="true" />} title="No grant has ended yet">
      Grants that ran out, were used up, revoked or voided stay here and in the audit log.
    </EmptyState>
  );
}
