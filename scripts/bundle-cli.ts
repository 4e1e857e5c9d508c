// Makes `.next/countersign.mjs`, the command for agents' machines. The console's build does the same.
import { statSync } from 'node:fs';
import { buildAgentFile } from '#lib/server/agent-file/build-agent-file.ts';

const file = await buildAgentFile(process.cwd());
process.stdout.write(`${file}: ${Math.round(statSync(file).size / 1024)} KiB\n`);
