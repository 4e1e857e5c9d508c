// Server-only.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { AGENT_FILE } from './read-agent-file.ts';

/** What may be in it. A database client or a key of the installation has no business on an agent's machine. */
const ALLOWED = [
  /^cli\/(agent-host|outcome|split-list|table)\.ts$/,
  /^cli\/(bridge|connect|verify|login)\//,
  /^cli\/commands\/(bridge|connect|doctor-agent-host|verify|login|logout)\.ts$/,
  /^cli\/doctor\/(check-agent-host|conclude|finding|from-agent-host|probes)\.ts$/,
  /^lib\/(core|contracts)\//,
  /^lib\/server\/(env|runtime-file)\.ts$/,
  /^lib\/server\/gateway\/(json-rpc|mirrored-headers|protocol-era|sse-events)\.ts$/,
  /^node_modules\/(@noble\/hashes|canonicalize|commander|jose|zod)\//,
];

/** Bundles the agents' command into one file below `root`; throws when something is in it that should not be. */
export async function buildAgentFile(root: string): Promise<string> {
  const outfile = join(root, AGENT_FILE);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['cli/agent-host.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    charset: 'utf8',
    // Licences of what is inside travel with it.
    legalComments: 'eof',
    banner: { js: '#!/usr/bin/env node' },
    metafile: true,
    logLevel: 'silent',
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => !ALLOWED.some((allowed) => allowed.test(path)));
  if (foreign.length > 0) throw new Error(`The file for agents would hold ${foreign.slice(0, 5).join(', ')}.`);
  chmodSync(outfile, 0o755);
  return outfile;
}
