import { RotateCw } from 'lucide-react';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

type ProblemNoticeProps = {
  readonly problem: {
    readonly title: string;
    readonly detail: string;
    readonly next: string;
    readonly code?: string;
  };
  readonly onRetry?: () => void;
  readonly className?: string;
};

/** A refusal in words: what happened, the detail where it adds something, what to do next, and where its code is explained. */
export function ProblemNotice({ problem, onRetry, className }: ProblemNoticeProps) {
  const { title, detail, next, code } = problem;
  return (
    <Notice tone="danger" role="alert" title={title} {...(className === undefined ? {} : { className })}>
      {detail !== title && <p className="[overflow-wrap:anywhere]">{detail}</p>}
      <p>{next}</p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {code !== undefined && <CodeLink code={code} />}
        {onRetry && (
          <Button size="sm" className="mt-1.5" onClick={onRetry}>
            <RotateCw aria-hidden="true" className="size-3.5" />
            Try again
          </Button>
        )}
      </div>
    </Notice>
  );
}

/** In a tab of its own: whoever reads about a refusal must not lose the form it was about. */
function CodeLink({ code }: { readonly code: string }) {
  return (
    <a
      href={`/docs/errors#${encodeURIComponent(code)}`}
      target="_blank"
      rel="noreferrer"
      className="-mb-1 inline-flex min-h-6 items-center gap-1 text-ink-2 text-xs underline decoration-line-strong underline-offset-2 hover:text-ink"
    >
      <code>{code}</code>
      <span className="sr-only">, explained in a new tab</span>
    </a>
  );
}
