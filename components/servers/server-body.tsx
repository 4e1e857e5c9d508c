'use client';

import { RotateCw } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { AgeWords } from '#components/ui/age-ring.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Page } from '#components/ui/page.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { When } from '#components/ui/when.tsx';
import { shortDigest } from '#lib/client/format.ts';
import { useCredentials } from '#lib/client/lists/use-credentials.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { ServerDetail } from '#lib/contracts/servers.ts';
import { RunningCard } from './commands-running.tsx';
import { EditServerDialog } from './edit-server-dialog.tsx';
import { ServerState, whereOf } from './server-state.tsx';
import { SwitchServer } from './switch-server.tsx';
import { ToolsCard } from './tools-card.tsx';
import { useScanServer } from './use-servers.ts';

export function ServerBody({ server }: { readonly server: ServerDetail }) {
  const scan = useScanServer(server.id);
  const bar = useRoleBar('admin');
  const [editing, setEditing] = useState(false);
  const scannable = server.transport !== 'external';
  const off = server.status === 'disabled' ? 'Switch the server on first.' : null;
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {server.name}
          <TierBadge tier={server.tier} />
          <ServerState server={server} />
        </span>
      }
      {...(server.description === '' ? {} : { intro: server.description })}
      actions={
        <>
          {scannable && (
            <Button busy={scan.busy} disabledReason={bar ?? off} onClick={() => void scan.run(undefined)}>
              {!scan.busy && <RotateCw aria-hidden="true" className="size-3.5" />}
              Scan now
            </Button>
          )}
          <Button disabledReason={bar} onClick={() => setEditing(true)}>
            Edit…
          </Button>
          <SwitchServer server={server} bar={bar} />
        </>
      }
    >
      <div className="grid gap-4">
        {scan.problem !== null && <ProblemNotice problem={scan.problem} />}
        {server.lastScanError !== null && scan.problem === null && (
          <Notice tone="danger" title="The last scan failed">
            <SafeText text={server.lastScanError} />
          </Notice>
        )}
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
          <ToolsCard server={server} bar={bar} />
          <div className="grid gap-4">
            <ServerFacts server={server} />
            {server.transport === 'stdio' && <RunningCard name={server.name} />}
          </div>
        </div>
      </div>
      <EditServerDialog server={server} open={editing} onOpenChange={setEditing} />
    </Page>
  );
}

function ServerFacts({ server }: { readonly server: ServerDetail }) {
  return (
    <Card title="Server">
      <Facts>
        <Fact name="Reached">
          <SafeText text={whereOf(server)} className="font-mono text-xs" />
        </Fact>
        <Fact name="Last scan">{server.lastScanAt === null ? 'never' : <When at={server.lastScanAt} />}</Fact>
        {server.serverInfo !== null && (
          <Fact name="Calls itself">
            <SafeText text={infoText(server.serverInfo)} />
          </Fact>
        )}
        {server.protocolVersion !== null && (
          <Fact name="Protocol">
            <SafeText text={server.protocolVersion} />
          </Fact>
        )}
        <Fact name="Configuration">
          <span className="-my-1.5 inline-flex items-center">
            <code className="text-xs">{shortDigest(server.configHash)}</code>
            <CopyButton text={server.configHash} label="Copy the configuration's hash" />
          </span>
        </Fact>
        <Fact name="Credential">
          <ServerCredential server={server.name} />
        </Fact>
        <Fact name="Agents">
          {server.agents.length === 0
            ? 'none may use it'
            : server.agents.map((agent, i) => (
                <span key={agent}>
                  {i > 0 && ', '}
                  <Link href={`/agents/${agent}`} className="link target">
                    {agent}
                  </Link>
                </span>
              ))}
        </Fact>
      </Facts>
    </Card>
  );
}

/** What the gateway shows to it, with what is left of it. */
function ServerCredential({ server }: { readonly server: string }) {
  const { data } = useCredentials();
  if (data === undefined) return '\u2013';
  const held = data.items.find((one) => one.server === server && one.status !== 'retired');
  if (held === undefined) return 'none';
  return (
    <>
      <Link href={`/credentials/${held.id}`} className="link">
        {held.name}
      </Link>
      {', '}
      <AgeWords since={held.createdAt} endsAt={held.endsAt} />
    </>
  );
}

/** The server's own words about itself: name and version when they are texts. */
function infoText(info: Readonly<Record<string, unknown>>): string {
  return ['name', 'version'].flatMap((key) => (typeof info[key] === 'string' ? [info[key]] : [])).join(' ');
}
