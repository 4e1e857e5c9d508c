import { RotateCw } from 'lucide-react';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

type ProblemNoticeProps = {
  readonly problem: { readonly title: string; readonly detail: string; readonly next: string };
  readonly onRetry?: () => void;
  readonly className?: string;
};

/** A refusal in words: what happened, the detail where it adds something, and what to do next. */
export function ProblemNotice({ problem, onRetry, className }: ProblemNoticeProps) {
  const { title, detail, next } = problem;
  return (
    <Notice tone="danger" role="alert" title={title} {...(className === undefined ? {} : { className })}>
      {detail !== title && <p className="[overflow-wrap:anywhere]">{detail}</p>}
      <p>{next}</p>
      {onRetry && (
        <Button size="sm" className="mt-2" onClick={onRetry}>
          <RotateCw aria-hidden="true" className="size-3.5" />
          Try again
        </Button>
      )}
    </Notice>
  );
}
