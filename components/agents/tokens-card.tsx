'use client';

import { useState } from 'react';
import { TokenDialog } from '#components/connect/token-dialog.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { useNow } from '#lib/client/use-now.ts';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { LifeBar } from './life-bar.tsx';
import { useRevokeToken } from './use-agents.ts';

type Token = AgentDetail['tokens'][number];

/** Static tokens, for clients that cannot do OAuth: at most a day old, each for one address. */
export function TokensCard({ agent, bar }: { readonly agent: AgentDetail; readonly bar: string | null }) {
  const [minting, setMinting] = useState(false);
  return (
    <Card
      title="Static tokens"
      aside={
        agent.status === 'active' && (
          <Button size="sm" disabledReason={bar} onClick={() => setMinting(true)}>
            Issue a token
          </Button>
        )
      }
      flush
    >
      {agent.tokens.length === 0 ? (
        <p className="px-3.5 py-3 text-ink-2">
          None. Clients that can do OAuth need none: they fetch tokens of 15 minutes with the agent’s secret.
        </p>
      ) : (
        <Table caption="Static tokens" reflow>
          <thead>
            <tr>
              <Th>For</Th>
              <Th>Begins with</Th>
              <Th>Age and time left</Th>
              <Th>
                <span className="sr-only">Revoke</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {agent.tokens.map((token) => (
              <TokenRow key={token.id} agentId={agent.id} token={token} bar={bar} />
            ))}
          </tbody>
        </Table>
      )}
      <TokenDialog agent={agent} open={minting} onOpenChange={setMinting} />
    </Card>
  );
}

type RowProps = { readonly agentId: string; readonly token: Token; readonly bar: string | null };

function TokenRow({ agentId, token, bar }: RowProps) {
  const [open, setOpen] = useState(false);
  const revoke = useRevokeToken(agentId);
  const now = useNow();
  const confirm = async () => {
    if ((await revoke.run(token.id)).ok) setOpen(false);
  };
  const alive = token.revokedAt === null && Date.parse(token.expiresAt) > now;
  return (
    <Tr>
      <Td>
        <code className="text-xs">{token.audience}</code>
      </Td>
      <Td>
        <code className="text-xs">{`${token.prefix}\u2026`}</code>
        <span className="block text-ink-3 text-xs">{token.auto ? 'renews itself' : 'issued here'}</span>
      </Td>
      <Td>
        <LifeBar since={token.createdAt} endsAt={token.expiresAt} />
      </Td>
      <Td className="text-right max-sm:ml-auto">
        {alive && (
          <Button
            size="sm"
            variant="danger"
            aria-label={`Revoke the token for ${token.audience}`}
            disabledReason={bar}
            onClick={() => setOpen(true)}
          >
            Revoke…
          </Button>
        )}
        <ConfirmDialog
          open={open}
          onOpenChange={(next) => {
            revoke.reset();
            setOpen(next);
          }}
          title="Revoke this token?"
          consequence={`Whoever holds it can no longer use ${token.audience}, in any gateway. A client that lives on it stops until it gets another.`}
          confirmWord="Revoke it"
          tone="danger"
          busy={revoke.busy}
          problem={revoke.problem}
          onConfirm={() => void confirm()}
        />
      </Td>
    </Tr>
  );
}
