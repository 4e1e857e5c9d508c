'use client';

import Link from 'next/link';
import { useAgentUsage } from '#components/connect/use-connection.ts';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import type { AgentDetail, AgentUsage } from '#lib/contracts/agents.ts';

/** What the agent did in the last 30 days: tools, and what people were asked. */
export function UsageCard({ agent }: { readonly agent: AgentDetail }) {
  const query = useAgentUsage(agent.id);
  return (
    <Card title="Used in the last 30 days" flush>
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-24 rounded-md" />}>
        {(usage) => (
          <>
            <p className="tabular px-3.5 py-3 text-ink-2">{approvalWords(usage.approvals)}</p>
            {usage.tools.length > 0 && <ToolTable tools={usage.tools} />}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function approvalWords({ asked, approved, denied, expired }: AgentUsage['approvals']): string {
  if (asked === 0) return 'It asked for no approval.';
  return `It asked for ${asked} ${asked === 1 ? 'approval' : 'approvals'}: ${approved} given, ${denied} denied, ${expired} undecided in time.`;
}

/** The headings are gone where rows are stacked; a bare figure would say nothing. */
const ON_A_PHONE = {
  ran: <span className="sm:hidden"> ran</span>,
  asked: <span className="sm:hidden"> asked</span>,
  refused: <span className="sm:hidden"> refused</span>,
};

function ToolTable({ tools }: { readonly tools: AgentUsage['tools'] }) {
  return (
    <Table caption="Tools used" reflow>
      <thead>
        <tr>
          <Th>Tool</Th>
          <Th className="text-right">Ran</Th>
          <Th className="text-right">Asked</Th>
          <Th className="text-right">Refused</Th>
          <Th>Last</Th>
        </tr>
      </thead>
      <tbody>
        {tools.map((row) => (
          <Tr key={`${row.server} ${row.tool}`}>
            <Td>
              <SafeText text={row.tool} className="font-semibold" />
              <span className="block text-ink-3 text-xs">
                <Link href={`/servers/${row.server}`} className="link target">
                  {row.server}
                </Link>
              </span>
            </Td>
            <Td className="tabular sm:text-right">
              {row.calls}
              {ON_A_PHONE.ran}
            </Td>
            <Td className="tabular sm:text-right">
              {row.asked}
              {ON_A_PHONE.asked}
            </Td>
            <Td className="tabular sm:text-right">
              {row.refused}
              {ON_A_PHONE.refused}
            </Td>
            <Td className="whitespace-nowrap text-ink-2">
              <When at={row.lastAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
