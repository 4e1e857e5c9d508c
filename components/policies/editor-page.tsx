'use client';

import Link from 'next/link';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Loading, Skeleton } from '#components/ui/skeleton.tsx';
import { useHasRole } from '#lib/client/use-me.ts';
import { usePolicies, usePolicy } from '#lib/client/use-policies.ts';
import type { PolicyDetail } from '#lib/contracts/policies.ts';
import type { EditorSource } from './editor.tsx';

/** Nobody can use the editor before the server has said what it starts from. */
const editor = arriving(() => import('./editor.tsx').then((file) => file.Editor), 'at-once');

type Props = { readonly base: number | null; readonly draft: number | null };

/** The editor with what it starts from: a stored draft, an older version, or what is in force. */
export function EditorPage({ base, draft }: Props) {
  const list = usePolicies();
  const mayWrite = useHasRole('admin');
  return (
    <Page title="Change the rules" intro="A draft decides nothing. It takes effect when it is published.">
      {mayWrite === 'no' ? (
        <EmptyState title="Only an admin changes the rules" action={<BackLink />}>
          You can read what is in force, and every version before it.
        </EmptyState>
      ) : (
        <Loaded query={list} skeleton={<EditorSkeleton />}>
          {({ inForce }) => <FromVersion version={draft ?? base ?? inForce} draft={draft !== null} inForce={inForce} />}
        </Loaded>
      )}
    </Page>
  );
}

function FromVersion({
  version,
  draft,
  inForce,
}: {
  readonly version: number;
  readonly draft: boolean;
  readonly inForce: number;
}) {
  const query = usePolicy(version);
  const Editor = useArrived(editor);
  if (Editor === null) {
    return (
      <Loading>
        <EditorSkeleton />
      </Loading>
    );
  }
  if (version === 0)
    return (
      <Editor source={{ name: 'base 0', rules: [], note: '', baseVersion: inForce, stored: null }} inForce={inForce} />
    );
  return (
    <Loaded query={query} skeleton={<EditorSkeleton />}>
      {(policy) =>
        draft && policy.status !== 'draft' ? (
          <EmptyState title={`Version ${version} is no draft any more`} action={<BackLink />}>
            Open it there, and use it as a new draft.
          </EmptyState>
        ) : (
          <Editor key={version} source={sourceOf(policy, draft, inForce)} inForce={inForce} />
        )
      }
    </Loaded>
  );
}

function sourceOf(policy: PolicyDetail, draft: boolean, inForce: number): EditorSource {
  const { version, content: rules } = policy;
  if (draft)
    return { name: `draft ${version}`, rules, note: policy.note, baseVersion: policy.baseVersion, stored: version };
  const note = policy.inForce ? '' : `As version ${version}`;
  return { name: `base ${version}`, rules, note, baseVersion: inForce, stored: null };
}

function BackLink() {
  return (
    <Link href="/policies" className={buttonClasses()}>
      All versions
    </Link>
  );
}

function EditorSkeleton() {
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
      <Skeleton card className="h-96" />
      <Skeleton card className="h-48" />
    </div>
  );
}
