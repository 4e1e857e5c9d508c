import { CircleHelp, OctagonAlert, ScanSearch } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Warning } from '#components/args/compare-args.ts';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/class-names.ts';
import { plural } from '#lib/client/format.ts';
import type { ApprovalContext } from '#lib/contracts/approval-context.ts';
import type { ContextState } from './request-context.ts';

const TONES = {
  danger: { box: 'border-high-line bg-high-soft', icon: 'text-high', Icon: OctagonAlert },
  warning: { box: 'border-medium-line bg-medium-soft', icon: 'text-medium', Icon: CircleHelp },
  quiet: { box: 'border-line bg-sunken', icon: 'text-ink-3', Icon: ScanSearch },
} as const;
const KINDS = { shell: 'shell', sql: 'SQL', code: 'code', base64: 'base64', encrypted: 'encrypted' } as const;

type ArgFindingsProps = { readonly state: ContextState; readonly warnings: readonly Warning[] };

/**
 * What to know before reading: harm first, then what nobody can tell, then what is new. It stands above the arguments, so
 * that no padding pushes it away, and says so when there is nothing to say.
 */
export function ArgFindings({ state, warnings }: ArgFindingsProps) {
  const context = state.kind === 'there' ? state.context : null;
  const fields = context?.inspection.fields ?? [];
  const harmful = fields.filter((field) => field.dangers.length > 0);
  const opaque = fields.filter((field) => field.why !== null);
  const tricks = warnings.filter((warning) => warning.tone === 'danger');
  const others = warnings.filter((warning) => warning.tone === 'warning');
  const hosts = context?.inspection.hosts ?? [];
  const skipped = context?.inspection.skipped ?? 0;
  return (
    <section aria-label="What to know before reading" aria-busy={state.kind === 'loading'}>
      {harmful.length + tricks.length + hosts.length > 0 && (
        <Line tone="danger" title="Read these first">
          {harmful.map((field) => (
            <li key={field.path}>
              <Path path={field.path} /> {field.dangers.join('; ')}.
            </li>
          ))}
          {hosts.map((host) => (
            <li key={`${host.path} ${host.host}`}>
              <Path path={host.path} /> The host <SafeText as="code" text={host.host} /> may not be what it looks like:{' '}
              {host.reason}
            </li>
          ))}
          {tricks.map((warning) => (
            <li key={warning.text}>{warning.text}</li>
          ))}
        </Line>
      )}
      {(opaque.length > 0 || others.length > 0 || skipped > 0 || state.kind === 'failed') && (
        <Line tone="warning" title={opaque.length > 0 ? 'Cannot be inspected' : null}>
          {opaque.map((field) => (
            <li key={field.path}>
              <Path path={field.path} /> ({KINDS[field.kind]}): {field.why}.
            </li>
          ))}
          {skipped > 0 && <li>{plural(skipped, 'field')} were not looked at: there are too many.</li>}
          {others.map((warning) => (
            <li key={warning.text}>{warning.text}</li>
          ))}
          {state.kind === 'failed' && (
            <li>
              The arguments could not be checked for commands and statements: take them as not inspected.{' '}
              <Button size="sm" variant="ghost" onClick={state.retry}>
                Check again
              </Button>
            </li>
          )}
        </Line>
      )}
      {(state.kind === 'loading' || context !== null) && (
        <Line tone="quiet" title={null}>
          <li>
            {context === null ? 'Checking the arguments for commands, statements and new values…' : calmWords(context)}
          </li>
        </Line>
      )}
    </section>
  );
}

/** What was looked for, so that silence means something. */
function calmWords({ inspection, firstSeen }: ApprovalContext): string {
  const read = inspection.fields.filter((field) => field.why === null).length;
  const parts = [
    read === 0 ? 'No command, statement or encoding was recognised' : `${plural(read, 'field')} read by a parser`,
  ];
  if (firstSeen.values.length > 0) {
    parts.push(
      firstSeen.calls === 0
        ? `no call like this was let through in ${firstSeen.days} days to compare with`
        : `${plural(firstSeen.values.length, 'value')} first seen in ${firstSeen.days} days (${plural(firstSeen.calls, 'call')} looked through)`,
    );
  } else if (firstSeen.calls > 0) {
    parts.push(`nothing new against ${plural(firstSeen.calls, 'call')} of ${firstSeen.days} days`);
  }
  return `${parts.join('; ')}.`;
}

type LineProps = { readonly tone: keyof typeof TONES; readonly title: string | null; readonly children: ReactNode };

function Line({ tone, title, children }: LineProps) {
  const { box, icon, Icon } = TONES[tone];
  return (
    <div className={cx('flex items-start gap-2.5 border-b px-3.5 py-1.5 text-xs leading-5', box)}>
      <Icon aria-hidden="true" className={cx('mt-0.5 size-4 shrink-0', icon)} />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {title !== null && <p className={cx('font-semibold', icon)}>{title}</p>}
        <ul className={tone === 'quiet' ? 'text-ink-3' : 'text-ink'}>{children}</ul>
      </div>
    </div>
  );
}

function Path({ path }: { readonly path: string }) {
  return <SafeText as="code" text={path} className="font-medium" />;
}
