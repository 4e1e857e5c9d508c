import { CircleHelp, OctagonAlert, ScanSearch } from 'lucide-react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { plural } from '#lib/client/format.ts';
import type { ApprovalContext } from '#lib/contracts/approval-context.ts';

type Report = ApprovalContext['inspection']['fields'][number];

const READ_AS = {
  shell: 'read as shell',
  sql: 'read as SQL',
  code: 'code',
  base64: 'base64',
  encrypted: 'encrypted',
} as const;

/** What a parser made of a field: its commands or statements in order, and a plain badge where nobody can tell. */
export function ArgPreview({ report }: { readonly report: Report }) {
  return (
    <div className="my-1 rounded-md border border-line bg-sunken px-2.5 py-1.5 font-sans text-xs leading-5">
      <p className="flex flex-wrap items-center gap-1.5">
        {report.why === null ? (
          <Badge icon={<ScanSearch aria-hidden="true" />}>{READ_AS[report.kind]}</Badge>
        ) : (
          <Badge tone="warning" icon={<CircleHelp aria-hidden="true" />}>
            cannot be inspected
          </Badge>
        )}
        {report.why !== null && (
          <span className="text-ink-2">
            {READ_AS[report.kind]}: {report.why}
          </span>
        )}
      </p>
      {report.dangers.length > 0 && (
        <ul className="mt-1 grid gap-0.5 font-medium text-high">
          {report.dangers.map((danger) => (
            <li key={danger} className="flex items-start gap-1.5">
              <OctagonAlert aria-hidden="true" className="mt-1 size-3 shrink-0" />
              {danger}
            </li>
          ))}
        </ul>
      )}
      {report.decoded !== null && (
        <div className="mt-1">
          <p className="text-ink-3">Decoded:</p>
          <SafeText as="pre" multiline text={report.decoded} className="max-h-48 overflow-y-auto font-mono" />
        </div>
      )}
      {report.steps.length > 0 && (
        <ol aria-label="What it does, in order" className="mt-1 grid gap-0.5 font-mono">
          {report.steps.map((step, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are frozen and may be alike.
            <li key={i} className="flex min-w-0 flex-wrap items-baseline gap-x-1.5">
              <span className="min-w-6 shrink-0 text-right text-ink-3">
                <SafeText text={step.lead} />
              </span>
              {step.words.map((word, at) => (
                <Word
                  // biome-ignore lint/suspicious/noArrayIndexKey: words are frozen and may be alike.
                  key={at}
                  text={word.text}
                  computed={word.computed}
                  first={at === 0}
                />
              ))}
              {step.note !== null && <span className="font-sans font-medium text-medium">{step.note}</span>}
            </li>
          ))}
        </ol>
      )}
      {report.moreSteps > 0 && <p className="text-ink-3">and {plural(report.moreSteps, 'more step')}</p>}
    </div>
  );
}

type WordProps = { readonly text: string; readonly computed: boolean; readonly first: boolean };

function Word({ text, computed, first }: WordProps) {
  return (
    <span className={computed ? 'border-medium border-b border-dashed' : undefined}>
      <SafeText text={text === '' ? '""' : text} className={first ? 'font-semibold' : 'font-normal'} />
      {computed && <span className="sr-only"> (known only when it runs)</span>}
    </span>
  );
}
