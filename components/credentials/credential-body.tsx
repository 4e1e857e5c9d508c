'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Page } from '#components/ui/page.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { plural } from '#lib/client/format.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { Write } from '#lib/client/use-write.ts';
import type { CredentialTest, CredentialView } from '#lib/contracts/credentials.ts';
import { CredentialActions } from './credential-actions.tsx';
import { CredentialMarks } from './credential-marks.tsx';
import { KIND_WORDS } from './credential-words.ts';
import { FactsCard } from './facts-card.tsx';
import { HistoryCard } from './history-card.tsx';
import { KeyCard } from './key-card.tsx';
import { LifeCard } from './life-card.tsx';
import { ServerChanged } from './server-changed.tsx';
import { useTestCredential } from './use-credentials.ts';
import { VersionsCard } from './versions-card.tsx';

export function CredentialBody({ credential }: { readonly credential: CredentialView }) {
  const bar = useRoleBar('admin');
  const test = useTestCredential(credential.id);
  const { status, lastError, bound } = credential;
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {credential.name}
          <span className="flex flex-wrap gap-1">
            <CredentialMarks credential={credential} />
          </span>
        </span>
      }
      intro={KIND_WORDS[credential.kind].says}
      actions={<CredentialActions credential={credential} bar={bar} test={test} />}
    >
      <div className="grid gap-4">
        <TestAnswer test={test} />
        {!bound && status !== 'retired' && <ServerChanged credential={credential} bar={bar} />}
        {lastError !== null && (
          <Notice tone="danger" title={status === 'failed' ? 'The server refuses it' : 'The last attempt failed'}>
            <SafeText text={lastError} />
          </Notice>
        )}
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="grid min-w-0 gap-4">
            {status !== 'retired' && <LifeCard credential={credential} />}
            <KeyCard credential={credential} />
            <VersionsCard credential={credential} />
            <HistoryCard credential={credential} />
          </div>
          <FactsCard credential={credential} />
        </div>
      </div>
    </Page>
  );
}

function TestAnswer({ test }: { readonly test: Write<undefined, CredentialTest> }) {
  if (test.problem !== null) return <ProblemNotice problem={test.problem} />;
  if (test.answer === undefined) return null;
  const { ok, tools, detail } = test.answer;
  return ok ? (
    <Notice tone="good" role="status" title="The server takes it">
      {tools === null ? detail : `It listed ${plural(tools, 'tool')}.`}
    </Notice>
  ) : (
    <Notice tone="danger" role="status" title="The server does not take it">
      <SafeText text={detail} />
    </Notice>
  );
}
