import { Hourglass, LinkIcon, Undo2 } from 'lucide-react';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import type { ApiProblem } from '#lib/client/api.ts';
import { AuthHeading } from './auth-frame.tsx';

const STATES = {
  'link-used': {
    icon: LinkIcon,
    what: 'It was used already.',
    next: 'If that was you, sign in with what you chose then. If it was not, tell an admin now: somebody else has used it.',
  },
  'link-expired': {
    icon: Hourglass,
    what: 'It has run out.',
    next: 'Links work for a short time. Ask whoever sent it for a new one; a set-up link is printed when the server starts again.',
  },
  'link-replaced': {
    icon: Undo2,
    what: 'It was taken back.',
    next: 'A newer link took its place, or it was withdrawn. Look for a later message, or ask whoever sent it.',
  },
} as const;

/** Why a one-time link opens nothing any more. Whoever never had a good one is told no more than that. */
export function LinkOver({ problem }: { readonly problem: ApiProblem }) {
  const state = isState(problem.code) ? STATES[problem.code] : null;
  if (state === null) {
    return (
      <>
        <AuthHeading title="This link does not work" />
        <ProblemNotice problem={problem} />
      </>
    );
  }
  const Icon = state.icon;
  return (
    <>
      <div className="mb-3 flex justify-center">
        <span className="grid size-11 place-items-center rounded-full border bg-sunken text-ink-2">
          <Icon aria-hidden="true" className="size-5" />
        </span>
      </div>
      <AuthHeading title="This link does not work" />
      <Notice tone="info" role="status" title={state.what}>
        {state.next}
      </Notice>
    </>
  );
}

function isState(code: string): code is keyof typeof STATES {
  return Object.hasOwn(STATES, code);
}
