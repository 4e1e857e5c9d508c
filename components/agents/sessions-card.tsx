'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import type { AgentDetail, AgentSession } from '#lib/contracts/agents.ts';
import { useAgentSessions, useMoveSession } from './use-agents.ts';

/** The agent's sessions of the last 30 days, and those that security keeps outside. */
export function SessionsCard({ agent, bar }: { readonly agent: AgentDetail; readonly bar: string | null }) {
  const query = useAgentSessions(agent.id);
  return (
    <Card title="Sessions" flush>
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-24 rounded-md" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-3.5 py-3 text-ink-2">None in the last 30 days.</p>
          ) : (
            <Table caption="Sessions" reflow>
              <thead>
                <tr>
                  <Th>Session</Th>
                  <Th>State</Th>
                  <Th className="text-right">Calls</Th>
                  <Th>Last seen</Th>
                  <Th>
                    <span className="sr-only">Quarantine</span>
                  </Th>
                </tr>
              </thead>
              <tbody>
                {items.map((session) => (
                  <SessionRow key={session.session} agent={agent} session={session} bar={bar} />
                ))}
              </tbody>
            </Table>
          )
        }
      </Loaded>
    </Card>
  );
}

const KINDS = { mcp: 'MCP connection', declared: 'named by the agent', none: 'calls that name no session' } as const;

type RowProps = { readonly agent: AgentDetail; readonly session: AgentSession; readonly bar: string | null };

function SessionRow({ agent, session, bar }: RowProps) {
  const { quarantine } = session;
  return (
    <Tr>
      <Td>
        {session.kind === 'none' ? (
          'Without a name'
        ) : (
          <SafeText text={session.session} className="font-mono text-xs [overflow-wrap:anywhere]" />
        )}
        <span className="block text-ink-3 text-xs">{KINDS[session.kind]}</span>
      </Td>
      <Td>
        <span className="flex flex-wrap gap-1.5">
          {quarantine !== null && <Badge tone="danger">Quarantined</Badge>}
          {session.tainted && <Badge tone="warning">Read untrusted text</Badge>}
          {quarantine === null && session.closed && <Badge>Closed</Badge>}
          {quarantine === null && !session.closed && !session.tainted && <Badge tone="good">Open</Badge>}
        </span>
        {quarantine !== null && (
          <span className="mt-1 block text-ink-2 text-xs">
            {`${quarantine.by}: ${quarantine.reason}, `}
            <When at={quarantine.at} />
          </span>
        )}
      </Td>
      <Td
        className={cx(
          'tabular whitespace-nowrap sm:text-right',
          session.calls === null && session.pending === 0 && 'max-sm:hidden',
        )}
      >
        <CallCount session={session} />
      </Td>
      <Td className="whitespace-nowrap text-ink-2">
        <When at={session.lastAt} />
      </Td>
      <Td className="text-right max-sm:ml-auto">
        <MoveSession agent={agent} session={session} bar={bar} />
      </Td>
    </Tr>
  );
}

/** A dash where the log cannot tell whose the calls were: no figure is better than a wrong one. */
function CallCount({ session }: { readonly session: AgentSession }) {
  return (
    <>
      {session.calls === null ? (
        <span
          title="The log counts the calls of connections together, under calls that name no session."
          className="max-sm:sr-only"
        >
          <span aria-hidden="true">{'\u2013'}</span>
          <span className="sr-only">not counted by connection</span>
        </span>
      ) : (
        <>
          {session.calls}
          <span className="sm:hidden">{session.calls === 1 ? ' call' : ' calls'}</span>
        </>
      )}
      {session.pending > 0 && <span className="block text-ink-2 text-xs">{`${session.pending} waiting`}</span>}
    </>
  );
}

function MoveSession({ agent, session, bar }: RowProps) {
  const [open, setOpen] = useState(false);
  const isOut = session.quarantine !== null;
  const move = useMoveSession(agent.id, session.session, isOut ? 'lift' : 'quarantine');
  const confirm = async (reason: string) => {
    if ((await move.run(reason)).ok) setOpen(false);
  };
  return (
    <>
      <Button
        size="sm"
        variant={isOut ? 'plain' : 'danger'}
        aria-label={`${isOut ? 'Let in again' : 'Quarantine'}: ${session.kind === 'none' ? 'calls without a name' : session.session}`}
        disabledReason={bar}
        onClick={() => setOpen(true)}
      >
        {isOut ? 'Let in again…' : 'Quarantine…'}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          move.reset();
          setOpen(next);
        }}
        title={isOut ? 'Let this session in again?' : 'Quarantine this session?'}
        consequence={
          isOut
            ? 'It may call again, and so may the sessions that began since. What was ended stays ended.'
            : `Nothing of it runs any more, and what it waits for ends. Until it is let in again, only the sessions that ${agent.name} has open now may call: a new one could be this one again.`
        }
        confirmWord={isOut ? 'Let it in' : 'Quarantine'}
        tone={isOut ? 'plain' : 'danger'}
        reasonLabel="Why"
        busy={move.busy}
        problem={move.problem}
        onConfirm={(reason) => void confirm(reason)}
      />
    </>
  );
}
