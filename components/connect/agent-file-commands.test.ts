import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentFileCommands } from './agent-file-commands.ts';

const AGENT = {
  name: 'bird',
  client: 'codex' as const,
  clientId: 'agent_1',
  gatewayUrl: 'https://gateway.example.com/',
  aggregate: false,
  mcpServers: ['files', 'mail'],
};
const SHA = 'a'.repeat(64);

test('the commands fetch the file, check it against the hash shown and write the bridge into the client', () => {
  assert.deepEqual(agentFileCommands(AGENT, { origin: 'https://console.example.com', sha256: SHA }).split('\n'), [
    'curl -fsSO https://console.example.com/download/countersign.mjs',
    `echo "${SHA}  countersign.mjs" | sha256sum -c -`,
    'node countersign.mjs connect codex --url https://gateway.example.com --client-id agent_1 --client-secret-file ./bird.secret --servers files,mail',
  ]);
});

test('an agent of all servers gets one entry for them all', () => {
  const text = agentFileCommands({ ...AGENT, aggregate: true }, { origin: 'https://console.example.com', sha256: SHA });
  assert.match(text, /connect codex .* --aggregate$/);
});
