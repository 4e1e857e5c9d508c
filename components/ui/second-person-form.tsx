'use client';

import { type ComponentProps, type FormEvent, type ReactNode, useState } from 'react';
import { useProof } from '#lib/client/use-proof.ts';
import { Button } from './button.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { ProofField } from './proof-field.tsx';

type SecondPersonFormProps = {
  readonly commit: string;
  readonly variant: 'primary' | 'danger';
  /** Why this person cannot say yes now, or not yet; null = they can. */
  readonly blocked: string | null;
  /** In a solo install whoever asked also confirms: when they asked, since the proof must be younger. Null = somebody else. */
  readonly aloneSince: string | null;
  readonly write: {
    readonly busy: boolean;
    readonly problem: ComponentProps<typeof ProblemNotice>['problem'] | null;
    /** With the password where it was asked for and there is one. */
    readonly run: (password: string | null) => Promise<unknown>;
  };
  /** Other buttons, before the one that says yes. */
  readonly children?: ReactNode;
};

/** The second word that a loosening needs: another person's, or one's own after a minute, proven again. */
export function SecondPersonForm({ commit, variant, blocked, aloneSince, write, children }: SecondPersonFormProps) {
  const [password, setPassword] = useState('');
  const proof = useProof(aloneSince);
  const alone = aloneSince !== null;
  const missing = alone ? proof.bar(password) : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || missing !== null || write.busy) return;
    await write.run(alone && proof.hasPassword ? password : null);
    setPassword('');
  };
  return (
    <form onSubmit={submit} className="grid gap-2.5">
      <div className="flex flex-wrap items-end gap-2.5">
        {alone && (
          <div className="basis-60">
            <ProofField proof={proof} value={password} onChange={setPassword} />
          </div>
        )}
        {children}
        <Button type="submit" variant={variant} busy={write.busy} disabledReason={blocked ?? missing}>
          {commit}
        </Button>
        {blocked !== null && <p className="tabular pb-1.5 text-ink-2">{blocked}</p>}
      </div>
      {write.problem !== null && <ProblemNotice problem={write.problem} />}
    </form>
  );
}
