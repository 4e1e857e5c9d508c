'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Tab, TabList, TabPanel, Tabs } from '#components/ui/tabs.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { AgentFileCommands } from './agent-file.tsx';
import { profileWords } from './client-words.ts';
import { CLIENT_WORDS, CLIENTS, type ClientKind, needsToken, snippetsFor, waysOf } from './connect-snippets.ts';
import { TokenDialog } from './token-dialog.tsx';

/** The exact configuration for each client, to copy. */
export function ConnectPanel({ agent }: { readonly agent: AgentDetail }) {
  const [client, setClient] = useState<string>(agent.client);
  if (agent.servers.length === 0) {
    return (
      <Card title="Connect">
        <EmptyState title="It may use no server yet" className="py-6">
          Allow it a server under Edit; the configuration to copy shows here then.
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card title="Connect" flush>
      <Tabs value={client} onValueChange={setClient}>
        <TabList aria-label="Client" className="px-2">
          {CLIENTS.map((kind) => (
            <Tab key={kind} value={kind}>
              {CLIENT_WORDS[kind]}
            </Tab>
          ))}
        </TabList>
        {CLIENTS.map((kind) => (
          <TabPanel key={kind} value={kind} className="grid grid-cols-1 gap-3 p-3.5">
            <Hint agent={agent} client={kind} />
            {needsToken(kind) && <NextToken agent={agent} />}
            <OtherClient agent={agent} client={kind} />
            {snippetsFor(kind, agent).map((snippet) => (
              <CodeBlock key={snippet.label} label={snippet.label} text={snippet.text} />
            ))}
            {kind === agent.client && agent.mcpServers.length > 0 && <AgentFileCommands agent={agent} />}
          </TabPanel>
        ))}
      </Tabs>
    </Card>
  );
}

/** The token that such a client needs, from here: the configuration below reads it from the variable. */
function NextToken({ agent }: { readonly agent: AgentDetail }) {
  const bar = useRoleBar('admin');
  const now = useNow();
  const [minting, setMinting] = useState(false);
  const alive = agent.tokens.some((token) => token.revokedAt === null && Date.parse(token.expiresAt) > now);
  if (alive || waysOf(agent).length === 0) return null;
  return (
    <div>
      <Button size="sm" variant="primary" disabledReason={bar} onClick={() => setMinting(true)}>
        Get a token for this client
      </Button>
      <TokenDialog agent={agent} open={minting} onOpenChange={setMinting} />
    </div>
  );
}

function Hint({ agent, client }: { readonly agent: AgentDetail; readonly client: ClientKind }) {
  const ways = waysOf(agent);
  if (ways.length === 0 && client !== 'http') {
    return (
      <p className="max-w-[68ch] text-ink-2">
        None of its servers speaks MCP: whoever runs their tools asks over plain HTTP before each run.
      </p>
    );
  }
  if (!needsToken(client)) {
    return (
      <p className="max-w-[68ch] text-ink-2">
        Set <code className="text-xs">COUNTERSIGN_CLIENT_SECRET</code> to the secret shown when the agent was created.
        Tokens are fetched with it and last 15 minutes.
      </p>
    );
  }
  return (
    <div className="grid max-w-[68ch] gap-1 text-ink-2">
      <p>
        This client cannot fetch tokens itself. Issue one, at most a day long, and set it in the client’s environment:
      </p>
      <ul className="grid gap-0.5">
        {ways.map((way) => (
          <li key={way.audience}>
            <code className="text-xs">{way.variable}</code> for <code className="text-xs">{way.audience}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Holds are timed by the client an agent is registered with; a configuration of another client would be held wrongly. */
function OtherClient({ agent, client }: { readonly agent: AgentDetail; readonly client: ClientKind }) {
  if (client === 'http' || client === agent.client) return null;
  return (
    <Notice>
      <p>
        {`This agent is registered as ${profileWords(agent.client)}. Set its client to ${CLIENT_WORDS[client]} under Edit, so that calls are held as long as that client waits.`}
      </p>
    </Notice>
  );
}
