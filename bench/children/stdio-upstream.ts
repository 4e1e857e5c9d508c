// The same upstream over standard input and output, for the one peer that fronts nothing else. One JSON message a line.
import { createInterface } from 'node:readline';

const tools = [
  { name: 'tool-0', description: 'Says ok.', inputSchema: { type: 'object', additionalProperties: true } },
];

createInterface({ input: process.stdin }).on('line', (line) => {
  const id = /"id":("[^"]*"|-?\d+)/.exec(line)?.[1];
  if (id === undefined) return;
  process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":${answerTo(line)}}\n`);
});

function answerTo(line: string): string {
  if (line.includes('"method":"initialize"')) {
    const protocolVersion = /"protocolVersion":"([\d-]+)"/.exec(line)?.[1] ?? '2025-11-25';
    return JSON.stringify({
      protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'upstream', version: '1' },
    });
  }
  if (line.includes('"method":"tools/list"')) return JSON.stringify({ tools });
  return line.includes('"method":"tools/call"') ? '{"content":[{"type":"text","text":"ok"}]}' : '{}';
}
