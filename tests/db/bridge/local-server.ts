// A local stdio server for the tests: it writes down each line it gets, so that a test sees what really ran.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , diary = ''] = process.argv;
const say = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const tool = (name: string) => ({ name, description: `Own words of ${name}.`, inputSchema: { type: 'object' } });

for await (const line of createInterface({ input: process.stdin })) {
  appendFileSync(diary, `${line}\n`);
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    const capabilities = { tools: {}, resources: {}, prompts: {}, logging: {} };
    const serverInfo = { name: 'local', version: '1' };
    say({ id, result: { protocolVersion: params.protocolVersion, capabilities, serverInfo } });
    // A way around the gateway, if anybody answered it.
    say({ id: 'from-server', method: 'sampling/createMessage', params: {} });
  } else if (method === 'tools/list') say({ id, result: { tools: [tool('echo'), tool('risky'), tool('hidden')] } });
  else if (method === 'tools/call') {
    say({ id, result: { content: [{ type: 'text', text: JSON.stringify(params.arguments) }] } });
  } else if (id !== undefined && method !== undefined) say({ id, result: {} });
}
