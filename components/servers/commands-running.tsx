'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { When } from '#components/ui/when.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { Running } from '#lib/contracts/commands.ts';
import { Argv } from './commands-argv.tsx';
import { useAcceptPackage, useRunning } from './commands-queries.ts';
import { EndWayOut } from './end-way-out.tsx';

/** How the program of a stdio server runs: its sandbox, its package, its processes, and what it printed. */
export function RunningCard({ name }: { readonly name: string }) {
  const { data } = useRunning(name);
  if (data === undefined) return null;
  const child = data.children[0];
  return (
    <Card title="Program" aside={<SandboxBadge running={data} />}>
      <div className="grid gap-3">
        {data.crashLoopUntil !== null && (
          <Notice tone="danger" title="Crash loop">
            It ended {data.crashes} times in a short while; calls are refused until <When at={data.crashLoopUntil} />.
          </Notice>
        )}
        <PackageDrift name={name} running={data} />
        {data.command !== null && <Argv argv={data.command.argv} label="Its arguments" />}
        <Facts>
          {data.command !== null && (
            <Fact name="Defined by">{data.command.source === 'host' ? 'the host’s file' : 'two people'}</Fact>
          )}
          {data.command !== null && data.command.writable.length > 0 && (
            <Fact name="May write to">
              <SafeText text={data.command.writable.join(', ')} className="font-mono text-xs" />
            </Fact>
          )}
          {data.command?.version === 'floating' && (
            <Fact name="Package">
              <Badge tone="warning">No exact version</Badge>
            </Fact>
          )}
          {data.package !== null && (
            <Fact name="Package">
              <SafeText text={`${data.package.name}@${data.package.version}`} />
              <code className="block text-ink-3 text-xs">
                {data.package.integrity === '' ? 'cannot be told any more' : data.package.integrity}
              </code>
            </Fact>
          )}
          <Fact name="Runs">
            {child === undefined ? 'not now' : `process ${child.pid}, ${child.rssMiB} MiB, ${child.processes} in all`}
          </Fact>
          {data.lastExit !== null && (
            <Fact name="Ended last">
              <When at={data.lastExit.at} /> {data.lastExit.reason ?? exitText(data.lastExit)}
            </Fact>
          )}
        </Facts>
        <p>
          <EndWayOut name={name} />
        </p>
        {data.stderr !== null && data.stderr !== '' && (
          <details>
            <summary className="cursor-pointer text-ink-2">What it printed to stderr (its own words)</summary>
            <pre className="mt-2 max-h-64 overflow-auto rounded-md border bg-sunken p-2.5 text-xs">
              <SafeText text={data.stderr} />
            </pre>
          </details>
        )}
      </div>
    </Card>
  );
}

function SandboxBadge({ running }: { readonly running: Running }) {
  const { sandbox } = running;
  if (running.runner === 'down') return <Badge tone="danger">Runner is down</Badge>;
  switch (sandbox.kind) {
    case 'bubblewrap':
      return <Badge tone="good">Sandbox: bubblewrap {sandbox.version}</Badge>;
    case 'none':
      return (
        <span title={sandbox.why}>
          <Badge tone="warning">Sandbox: none</Badge>
        </span>
      );
    case 'unknown':
      return <Badge>Sandbox: unknown</Badge>;
  }
}

function PackageDrift({ name, running }: { readonly name: string; readonly running: Running }) {
  const bar = useRoleBar('admin');
  const accept = useAcceptPackage(name);
  const found = running.package;
  if (found === null) return null;
  const isUntold = found.integrity === '';
  const shown = isUntold ? 'unknown' : found.integrity;
  if (shown === found.acceptedIntegrity) return null;
  return (
    <Notice
      tone="danger"
      title={isUntold ? 'Nobody can tell which package is installed' : 'Another package content under the same version'}
    >
      <p>
        {found.acceptedIntegrity === '' ? (
          'Nothing was accepted yet.'
        ) : (
          <>
            Accepted was <code className="[overflow-wrap:anywhere]">{found.acceptedIntegrity}</code>.
          </>
        )}{' '}
        It is not started until somebody accepts what is there now.
        {isUntold && ' Unknown content can be accepted for a command of the host only.'}
      </p>
      <p className="mt-2">
        <Button variant="danger" busy={accept.busy} disabledReason={bar} onClick={() => void accept.run(shown)}>
          {isUntold ? 'Accept unknown content' : 'Accept this content'}
        </Button>
      </p>
      {accept.problem !== null && <ProblemNotice problem={accept.problem} />}
    </Notice>
  );
}

function exitText({ code, signal }: { readonly code: number | null; readonly signal: string | null }): string {
  return signal === null ? `with code ${code ?? '?'}` : `by ${signal}`;
}
