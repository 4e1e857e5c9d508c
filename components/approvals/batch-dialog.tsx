'use client';

import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierMark } from '#components/shell/tier-badge.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { ScrollBox } from '#components/ui/scroll-box.tsx';
import { api } from '#lib/client/api.ts';
import { plural } from '#lib/client/format.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { batchAnswerSchema } from '#lib/contracts/approvals.ts';
import type { BatchItem } from './judge-batch.ts';
import { useArmed } from './use-armed.ts';
import type { Decision } from './use-vote.ts';

type Result = z.infer<typeof batchAnswerSchema>['items'][number];
type BatchDialogProps = {
  readonly decision: Decision;
  readonly items: readonly BatchItem[];
  readonly onSent: () => void;
  readonly onClose: () => void;
};

/** The frozen list, read once more, decided in one go; then how each of them ended. */
export function BatchDialog({ decision, items, onSent, onClose }: BatchDialogProps) {
  const approving = decision === 'approve';
  const [reason, setReason] = useState('');
  const [results, setResults] = useState<readonly Result[] | null>(null);
  const armed = useArmed(decision);
  const send = useWrite(
    (why: string) =>
      api.send(
        'POST',
        '/api/v1/approvals/batch',
        {
          decision,
          items: items.map(({ id, digest }) => ({ id, digest })),
          ...(why === '' ? {} : { reason: why }),
        },
        batchAnswerSchema,
      ),
    [queryKeys.approvals.all, queryKeys.overview],
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!armed || send.busy || results !== null) return;
    const answer = await send.run(reason.trim());
    if (!answer.ok) return;
    setResults(answer.value.items);
    onSent();
  };
  const refused = results?.filter((result) => result.outcome === 'refused').length ?? 0;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        width="lg"
        title={`${approving ? 'Approve' : 'Deny'} ${plural(items.length, 'request')}`}
        description={
          approving
            ? 'Your vote on exactly these, each bound to its own digest. What needs more votes goes on waiting.'
            : 'Exactly these are denied; one denial is enough. None of them runs.'
        }
      >
        <form onSubmit={submit} className="grid gap-3">
          {results !== null && (
            <p role="status" className="font-semibold">
              {plural(results.length - refused, 'vote')} counted{refused > 0 && `, ${refused} refused`}.
            </p>
          )}
          <ScrollBox label="The selected requests" className="max-h-80 rounded-lg border">
            <ul>
              {items.map((item) => (
                <BatchLine key={item.id} item={item} result={results?.find((one) => one.id === item.id) ?? null} />
              ))}
            </ul>
          </ScrollBox>
          {results === null && (
            <Field label={approving ? 'Why is this right?' : 'Why not?'} optional>
              <Input
                value={reason}
                maxLength={500}
                autoComplete="off"
                placeholder="Kept in the audit log"
                onChange={(event) => setReason(event.target.value)}
              />
            </Field>
          )}
          {send.problem !== null && <ProblemNotice problem={send.problem} />}
          <DialogActions>
            <DialogClose asChild>
              <Button>{results === null ? 'Back' : 'Close'}</Button>
            </DialogClose>
            {results === null && (
              <Button
                type="submit"
                variant={approving ? 'primary' : 'danger-solid'}
                busy={send.busy}
                className={armed ? undefined : 'opacity-70'}
              >
                {approving ? 'Approve' : 'Deny'} {items.length}
              </Button>
            )}
          </DialogActions>
        </form>
      </DialogContent>
    </Dialog>
  );
}

const OUTCOMES = {
  counted: { word: 'counted', tone: 'accent' },
  decided: { word: 'decided', tone: 'good' },
  already: { word: 'was decided', tone: 'plain' },
  refused: { word: 'refused', tone: 'danger' },
} as const;

function BatchLine({ item, result }: { readonly item: BatchItem; readonly result: Result | null }) {
  return (
    <li className="grid grid-cols-[1.125rem_minmax(0,1fr)_auto] gap-x-2.5 gap-y-0.5 border-b px-3 py-2 last:border-b-0">
      <TierMark tier={item.tier} />
      <span className="min-w-0 truncate font-semibold">
        <SafeText text={item.server} /> <span className="font-normal text-ink-3">·</span> <SafeText text={item.tool} />
        <span className="font-normal text-ink-3">
          {' '}
          by <SafeText text={item.agent} />
        </span>
      </span>
      {result !== null && <Badge tone={OUTCOMES[result.outcome].tone}>{OUTCOMES[result.outcome].word}</Badge>}
      <SafeText text={item.argsPreview} as="code" className="col-span-2 col-start-2 text-ink-2 text-xs" />
      {result?.sentence != null && <p className="col-span-2 col-start-2 text-high text-xs">{result.sentence}</p>}
    </li>
  );
}
