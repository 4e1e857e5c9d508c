'use client';

import Link from 'next/link';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { useMe, useRoleBar } from '#lib/client/use-me.ts';
import type { PolicyDetail } from '#lib/contracts/policies.ts';
import { FailingTests } from './failing-tests.tsx';
import { usePublish, useWithdraw } from './use-policies.ts';

/** What can be done with a version, each only where it stands. */
export function VersionActions({ policy }: { readonly policy: PolicyDetail }) {
  const bar = useRoleBar('admin');
  const [asking, setAsking] = useState<'publish' | 'withdraw' | null>(null);
  const me = useMe();
  const open = policy.status === 'draft' || policy.status === 'proposed';
  // Only its author edits a draft: a version with two authors would let one of them approve their own lines.
  const mine = policy.status === 'draft' && me.data?.name === policy.createdBy;
  const close = (shown: boolean) => !shown && setAsking(null);
  return (
    <>
      {open && (
        <Button disabledReason={bar} onClick={() => setAsking('withdraw')}>
          {policy.status === 'draft' ? 'Discard' : 'Withdraw'}
        </Button>
      )}
      {mine && bar === null && (
        <Link href={`/policies/edit?draft=${policy.version}`} className={buttonClasses()}>
          Edit
        </Link>
      )}
      {!mine && bar === null && (
        <Link href={`/policies/edit?base=${policy.version}`} className={buttonClasses()}>
          {policy.inForce ? 'Change the rules' : 'Use as a new draft'}
        </Link>
      )}
      {policy.status === 'draft' && (
        <Button
          variant="primary"
          disabledReason={policy.mayPublish.allowed ? null : policy.mayPublish.sentence}
          onClick={() => setAsking('publish')}
        >
          Publish…
        </Button>
      )}
      <PublishDialog policy={policy} open={asking === 'publish'} onOpenChange={close} />
      <WithdrawDialog policy={policy} open={asking === 'withdraw'} onOpenChange={close} />
    </>
  );
}

type DialogProps = {
  readonly policy: PolicyDetail;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

function PublishDialog({ policy, open, onOpenChange }: DialogProps) {
  const publish = usePublish(policy.version, policy.contentHash);
  const solo = useMe().data?.separation === 'solo';
  const loosens = policy.comparison?.loosens ?? policy.loosens;
  const fails = policy.failingTests.length > 0;
  const [despite, setDespite] = useState(false);
  const second = solo
    ? 'As you are the only reviewer, you approve it yourself: with your password, a minute from now.'
    : 'Another admin, or somebody of security, must approve it; you cannot, as you wrote it.';
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(shown) => {
        if (!shown) {
          publish.reset();
          setDespite(false);
        }
        onOpenChange(shown);
      }}
      title={loosens ? `Propose version ${policy.version}` : `Publish version ${policy.version}`}
      consequence={
        loosens
          ? `It loosens what is in force, so it does not take effect yet. ${second}`
          : 'It only tightens, so it takes effect at once, for every call from now on.'
      }
      confirmWord={loosens ? 'Propose it' : 'Publish now'}
      blocked={fails && !despite ? 'Tests fail: correct the rules, or say that you publish all the same.' : null}
      busy={publish.busy}
      problem={publish.problem}
      onConfirm={async () => {
        const answer = await publish.run(fails);
        if (answer.ok) onOpenChange(false);
      }}
    >
      {fails && (
        <div className="mb-4 grid gap-3">
          <FailingTests names={policy.failingTests} />
          <Checkbox
            label="Publish although these tests fail"
            hint="The log names them with you."
            checked={despite}
            onCheckedChange={setDespite}
          />
        </div>
      )}
    </ConfirmDialog>
  );
}

function WithdrawDialog({ policy, open, onOpenChange }: DialogProps) {
  const withdraw = useWithdraw(policy.version);
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={policy.status === 'draft' ? `Discard draft ${policy.version}?` : `Withdraw version ${policy.version}?`}
      consequence="It can no longer be published. Its rules stay readable, and can become a new draft."
      confirmWord={policy.status === 'draft' ? 'Discard' : 'Withdraw'}
      tone="danger"
      busy={withdraw.busy}
      problem={withdraw.problem}
      onConfirm={async () => {
        const answer = await withdraw.run(undefined);
        if (answer.ok) onOpenChange(false);
      }}
    />
  );
}
