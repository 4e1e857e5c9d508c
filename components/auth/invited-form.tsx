'use client';

import { LogIn } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import type { ApiProblem } from '#lib/client/api.ts';
import { formatClock } from '#lib/client/time.ts';
import { goToProvider } from '#lib/client/use-proof.ts';
import type { linkInfoSchema } from '#lib/contracts/links.ts';
import { AuthHeading } from './auth-frame.tsx';

/** A link where passwords are off: an invitation is taken up at the provider, which names the same e-mail. */
export function InvitedForm({ info }: { readonly info: z.infer<typeof linkInfoSchema> }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const { provider, email } = info;
  const leave = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const answer = await goToProvider('/api/v1/sign-in/sso', '/');
    // On the way to the provider the page is about to go; whoever comes back by its history finds it as it was.
    setBusy(false);
    if (!answer.ok) setProblem(answer.error);
  };
  const joins = info.kind === 'invite';
  return (
    <div className="grid gap-4">
      <AuthHeading title={joins ? 'Join Countersign' : 'Passwords are off'}>
        {joins ? `You are invited as ${email ?? ''}.` : 'A new password would open nothing here.'}
      </AuthHeading>
      {provider === null ? (
        <Notice title="Come in another way" role="status">
          Sign in with your passkey. If you have none left, an admin switches passwords on; then open the link again,
          until {formatClock(info.expiresAt)}.
        </Notice>
      ) : (
        <>
          {problem !== null && <ProblemNotice problem={problem} />}
          <Button size="lg" variant="primary" busy={busy} onClick={() => void leave()}>
            <LogIn aria-hidden="true" className="size-4" />
            {joins ? 'Join' : 'Sign in'} with {provider}
          </Button>
          {joins && (
            <p className="text-ink-3 text-xs">
              Sign in there with this e-mail, until {formatClock(info.expiresAt)}. Afterwards add a passkey under
              Settings: it lets you in while the provider is away.
            </p>
          )}
        </>
      )}
    </div>
  );
}
