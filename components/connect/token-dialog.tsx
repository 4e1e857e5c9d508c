'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { SecretOnce } from '#components/ui/secret-once.tsx';
import { formatAbsolute } from '#lib/client/time.ts';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { waysOf } from './connect-snippets.ts';
import { useMintToken } from './use-connection.ts';

const HOURS = [1, 8, 24] as const;
const CALLS = '/api/v1/calls';

type Props = { readonly agent: AgentDetail; readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Issues a static token and shows it, this once. */
export function TokenDialog({ agent, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Issue a token"
        description="For clients that cannot fetch tokens themselves. It works for one address only and ends within a day."
        onInteractOutside={(event) => event.preventDefault()}
      >
        <TokenForm agent={agent} />
      </DialogContent>
    </Dialog>
  );
}

function TokenForm({ agent }: { readonly agent: AgentDetail }) {
  const mint = useMintToken(agent.id);
  const ways = waysOf(agent);
  const audiences = [...new Set([...ways.map((way) => way.audience), ...agent.servers.map((s) => `/mcp/${s}`), CALLS])];
  const [audience, setAudience] = useState(audiences[0] ?? CALLS);
  const [hours, setHours] = useState<number>(24);
  const [made, setMade] = useState<{ readonly token: string; readonly expiresAt: string } | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (mint.busy) return;
    const answer = await mint.run({ audience, ttlS: hours * 3600 });
    if (answer.ok) setMade(answer.value);
  };
  if (made !== null) {
    const way = ways.find((known) => known.audience === audience);
    return (
      <div className="grid gap-4">
        <Notice tone="warning" role="status" title="The token is shown this once">
          <p>{`It works for ${audience} until ${formatAbsolute(made.expiresAt)}.`}</p>
        </Notice>
        <SecretOnce label="Token" value={made.token} />
        {way !== undefined && <SecretOnce label="As a variable" value={`export ${way.variable}=${made.token}`} />}
        <DialogActions>
          <DialogClose asChild>
            <Button variant="primary">Done</Button>
          </DialogClose>
        </DialogActions>
      </div>
    );
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="For">
        <Select value={audience} onChange={(event) => setAudience(event.target.value)}>
          {audiences.map((name) => (
            <option key={name} value={name}>
              {name === '/mcp' ? '/mcp, every server it may use' : name === CALLS ? `${CALLS}, the decision API` : name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Ends after">
        <Select value={hours} onChange={(event) => setHours(Number(event.target.value))}>
          {HOURS.map((count) => (
            <option key={count} value={count}>
              {count === 1 ? '1 hour' : `${count} hours`}
            </option>
          ))}
        </Select>
      </Field>
      {mint.problem !== null && <ProblemNotice problem={mint.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={mint.busy}>
          Issue
        </Button>
      </DialogActions>
    </form>
  );
}
