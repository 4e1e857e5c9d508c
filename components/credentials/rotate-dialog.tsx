'use client';

import { Check, Circle, LoaderCircle, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/class-names.ts';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { TimeLeft } from '#components/ui/time-left.tsx';
import { useNow } from '#lib/client/use-now.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { isMinted } from './credential-draft.ts';
import { jwksText } from './key-card.tsx';
import { CertificateField } from './kind-fields.tsx';
import { type RotationStep, rotationSteps, type StepState } from './rotation-steps.ts';
import { SecretField } from './secret-field.tsx';
import { refusedSecret, splitProblem } from './secret-problem.ts';
import { useRotateCredential } from './use-credentials.ts';

type Props = {
  readonly credential: CredentialView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Replaces the secret: tried first, switched then, with an overlap, or not at all. */
export function RotateDialog({ credential, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={`Rotate ${credential.name}`}
        description="The new secret is tried before anything changes. If the server refuses it, nothing has happened."
        onInteractOutside={(event) => event.preventDefault()}
      >
        <RotateForm credential={credential} />
      </DialogContent>
    </Dialog>
  );
}

/** A key of ours is made by us; everything else somebody must bring. */
function makesItself(credential: CredentialView): boolean {
  return isMinted(credential.kind) && credential.publicJwk !== null;
}

function RotateForm({ credential }: { readonly credential: CredentialView }) {
  const rotate = useRotateCredential(credential.id);
  const now = useNow();
  const [secret, setSecret] = useState('');
  const [certificate, setCertificate] = useState('');
  const isCertificate = credential.kind === 'client-certificate';
  const [reason, setReason] = useState('');
  const [begun, setBegun] = useState<number | null>(null);
  const ours = makesItself(credential);
  const current = credential.versions.find(({ state }) => state === 'current')?.version ?? 0;
  const switched = begun !== null && current > begun;
  const { inPlace, below } = splitProblem(rotate.problem);
  const refused = refusedSecret(secret);
  const blocked =
    isCertificate && certificate.trim() === ''
      ? 'Paste the next certificate first.'
      : !ours && secret.length < 8
        ? 'Paste the new secret first.'
        : refused !== null
          ? 'Paste the secret of a service instead.'
          : reasonBar(reason);
  const send = async () => {
    setBegun(current);
    const answer = await rotate.run({
      ...(ours ? {} : { secret }),
      ...(isCertificate ? { certificate: certificate.trim() } : {}),
      reason: reason.trim(),
    });
    if (answer.ok) setSecret('');
  };
  const steps = (
    <Steps
      steps={rotationSteps({
        busy: rotate.busy,
        failed: rotate.problem !== null,
        switched,
        versions: credential.versions,
        nowMs: now,
      })}
      overlapUntil={credential.versions.find(({ state }) => state === 'previous')?.notAfter ?? null}
    />
  );
  if (switched) {
    return (
      <>
        <Notice tone="good" role="status" title="Switched">
          Version {current} is in use.
        </Notice>
        <div className="mt-4">{steps}</div>
        <DialogActions>
          <DialogClose asChild>
            <Button variant="primary">Done</Button>
          </DialogClose>
        </DialogActions>
      </>
    );
  }
  return (
    <DialogForm
      commit={ours ? (credential.nextPublicJwk === null ? 'Make a new key' : 'Try it and switch') : 'Try it and switch'}
      blocked={blocked}
      busy={rotate.busy}
      problem={below}
      onSubmit={() => void send()}
    >
      {isCertificate && <CertificateField label="Next certificate" value={certificate} onChange={setCertificate} />}
      {ours ? (
        <KeyNote credential={credential} />
      ) : (
        <SecretField
          label={isCertificate ? 'Its private key' : 'New secret'}
          value={secret}
          onChange={setSecret}
          error={refused ?? inPlace}
        />
      )}
      <ReasonField value={reason} onChange={setReason} />
      {steps}
    </DialogForm>
  );
}

function KeyNote({ credential }: { readonly credential: CredentialView }) {
  return credential.nextPublicJwk === null ? (
    <Notice title="In two steps">
      First a new key is made, and its public half shown for you to register at the authorisation server. Then you come
      back here: it is tried, and taken into use.
    </Notice>
  ) : (
    <Notice title="A new key waits">
      <p className="mb-2">Register its public half at the authorisation server first. Then try it.</p>
      <CodeBlock label="the next public key (JWKS)" text={jwksText(credential.nextPublicJwk)} />
    </Notice>
  );
}

const MARKS: Readonly<Record<StepState, { readonly Icon: typeof Check; readonly box: string; readonly word: string }>> =
  {
    waiting: { Icon: Circle, box: 'border-line-strong text-ink-3', word: 'not yet' },
    running: { Icon: LoaderCircle, box: 'border-accent text-accent [&_svg]:animate-spin', word: 'under way' },
    done: { Icon: Check, box: 'border-transparent bg-low-soft text-low', word: 'done' },
    failed: { Icon: X, box: 'border-transparent bg-high-soft text-high', word: 'failed' },
  };

function Steps({
  steps,
  overlapUntil,
}: {
  readonly steps: readonly RotationStep[];
  readonly overlapUntil: string | null;
}) {
  return (
    <ol aria-label="Steps of the rotation" aria-live="polite" className="grid gap-2.5">
      {steps.map(({ name, state, says }) => {
        const { Icon, box, word } = MARKS[state];
        return (
          <li key={name} className="flex items-start gap-2.5">
            <span className={cx('mt-px grid size-5 shrink-0 place-items-center rounded-full border', box)}>
              <Icon aria-hidden="true" strokeWidth={3} className={state === 'waiting' ? 'size-1.5' : 'size-3'} />
            </span>
            <p className="min-w-0 text-ink-2">
              <span className={cx('font-semibold', state === 'failed' ? 'text-high' : 'text-ink')}>{name}</span>
              <span className="sr-only">, {word}</span>
              {name === 'Overlap' && state === 'running' && overlapUntil !== null && (
                <>
                  {' '}
                  <TimeLeft expiresAt={overlapUntil} className="text-xs" />
                </>
              )}
              <span className="block text-xs">{says}</span>
            </p>
          </li>
        );
      })}
    </ol>
  );
}
