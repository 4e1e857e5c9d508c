'use client';

import { useState } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import type { AgentDetail, AgentKeyView } from '#lib/contracts/agents.ts';
import { AddKeyDialog } from './add-key-dialog.tsx';
import { LifeBar } from './life-bar.tsx';
import { useRevokeKey } from './use-agents.ts';

type Props = { readonly agent: AgentDetail; readonly bar: string | null; readonly revokeBar: string | null };

/** What the agent proves itself with. Two at a time while one takes over from the other. */
export function KeysCard({ agent, bar, revokeBar }: Props) {
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title="Keys"
      aside={
        agent.status === 'active' && (
          <Button size="sm" disabledReason={bar} onClick={() => setAdding(true)}>
            Add a public key
          </Button>
        )
      }
      flush
    >
      {agent.keys.length === 0 ? (
        <p className="px-3.5 py-3 text-ink-2">None: this agent can fetch no token.</p>
      ) : (
        <Table caption="Keys" reflow>
          <thead>
            <tr>
              <Th>Key</Th>
              <Th>Last used</Th>
              <Th>Ends</Th>
              <Th>
                <span className="sr-only">End it</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {agent.keys.map((key) => (
              <KeyRow key={key.id} agent={agent} own={key} bar={revokeBar} />
            ))}
          </tbody>
        </Table>
      )}
      <AddKeyDialog agent={agent} open={adding} onOpenChange={setAdding} />
    </Card>
  );
}

function KeyRow({
  agent,
  own,
  bar,
}: {
  readonly agent: AgentDetail;
  readonly own: AgentKeyView;
  readonly bar: string | null;
}) {
  const [open, setOpen] = useState(false);
  const revoke = useRevokeKey(agent.id);
  const what = own.kind === 'secret' ? 'Client secret' : `Public key, ${own.alg ?? 'unknown'}`;
  const confirm = async () => {
    if ((await revoke.run(own.id)).ok) setOpen(false);
  };
  return (
    <Tr>
      <Td>
        {what}
        <span className="block text-ink-3 text-xs">
          <code>{`${own.prefix}\u2026`}</code>
          {`, by ${own.createdBy} `}
          <When at={own.createdAt} />
        </span>
      </Td>
      <Td className="whitespace-nowrap text-ink-2">
        <span className="sm:hidden">used </span>
        {own.lastUsedAt === null ? 'never' : <When at={own.lastUsedAt} />}
      </Td>
      <Td>
        {own.notAfter === null ? (
          <Badge tone="good">In force</Badge>
        ) : (
          <LifeBar since={own.createdAt} endsAt={own.notAfter} />
        )}
      </Td>
      <Td className="text-right max-sm:ml-auto">
        <Button
          size="sm"
          variant="danger"
          aria-label={`End now: the key ${own.prefix}`}
          disabledReason={bar}
          onClick={() => setOpen(true)}
        >
          End now…
        </Button>
        <ConfirmDialog
          open={open}
          onOpenChange={(next) => {
            revoke.reset();
            setOpen(next);
          }}
          title={`End this key of ${agent.name}?`}
          consequence="It proves nothing from now on, and every token that was fetched with it is refused in every gateway."
          confirmWord="End it"
          tone="danger"
          busy={revoke.busy}
          problem={revoke.problem}
          onConfirm={() => void confirm()}
        />
      </Td>
    </Tr>
  );
}
