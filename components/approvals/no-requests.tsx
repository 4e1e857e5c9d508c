'use client';

import { CircleCheck, History, Inbox as InboxIcon, OctagonX } from 'lucide-react';
import Link from 'next/link';
import { useKillSwitch } from '#components/shell/kill-state.ts';
import { scopeWords } from '#components/shell/kill-words.ts';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { InboxFolder } from '#lib/client/live-rows.ts';

/** A folder of the inbox with nothing in it: why that is, and what would come. */
export function NoRequests({ folder }: { readonly folder: InboxFolder }) {
  switch (folder) {
    case 'pending':
      return <NothingWaits />;
    case 'mine':
      return (
        <EmptyState icon={<InboxIcon aria-hidden="true" />} title="Your agents have asked for nothing">
          Requests of agents that you own stand here, so that you see what others decide about them.
        </EmptyState>
      );
    case 'history':
      return (
        <EmptyState icon={<History aria-hidden="true" />} title="Nothing decided yet">
          Every decision stays here and in the audit log.
        </EmptyState>
      );
  }
}

/** While tools are stopped an empty inbox is no good news: their calls are refused, and never come here. */
function NothingWaits() {
  const stopped = useKillSwitch().data?.scopes.find((scope) => scope.on);
  if (stopped === undefined) {
    return (
      <EmptyState icon={<CircleCheck aria-hidden="true" />} title="Nothing waits for you">
        The moment an agent asks for something risky it appears here, without reloading.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<OctagonX aria-hidden="true" />}
      title={`Nothing waits. ${scopeWords(stopped.scope)}: stopped`}
      action={
        <Link href="/kill-switch" className={buttonClasses()}>
          Kill switch
        </Link>
      }
    >
      Calls that are stopped are refused at once and do not come here. What waited when it happened was voided, and
      stands in the history.
    </EmptyState>
  );
}
