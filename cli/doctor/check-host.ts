import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '#lib/server/env.ts';
import { probePort } from '#lib/server/postgres/free-port.ts';
import { readRuntimeFile } from '#lib/server/runtime-file.ts';
import { isLive } from '../is-live.ts';
import { type Finding, finding } from './finding.ts';

const OLDEST_NODE = 26;
const OTHERS = 0o077;
/** The OS user of the embedded database must pass through the data directory, but may not list it. */
const READ_OR_WRITE = 0o066;
/** The log's public key is meant to be read. */
const PUBLIC_FILES = ['log.pub'];

/** What can be checked without the database. */
export async function checkHost(env: Env): Promise<readonly Finding[]> {
  const major = Number(process.versions.node.split('.')[0]);
  return [
    finding(
      'node',
      major >= OLDEST_NODE,
      `Node ${process.versions.node}.`,
      `Node ${process.versions.node} is too old: run "npm ci".`,
    ),
    checkDirectory(env.dataDir),
    checkKeys(join(env.dataDir, 'keys')),
    ...(await checkListeners(env)),
  ];
}

function checkDirectory(path: string): Finding {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    return { check: 'data', state: 'unknown', sentence: `${path} does not exist yet: the first start makes it.` };
  }
  const isClosed = process.platform === 'win32' || (found.mode & READ_OR_WRITE) === 0;
  return finding('data', isClosed, `${path} is closed to others.`, `${path} is open to others: chmod 700 ${path}`);
}

function checkKeys(directory: string): Finding {
  if (!existsSync(directory)) {
    return { check: 'keys', state: 'unknown', sentence: 'No keys yet: the first start makes them.' };
  }
  const files = readdirSync(directory).filter((name) => !PUBLIC_FILES.includes(name));
  const open = files.filter(
    (name) => process.platform !== 'win32' && (statSync(join(directory, name)).mode & OTHERS) !== 0,
  );
  const bad = `${open.join(', ')} can be read by others: chmod 600, then think about who may have read them.`;
  return finding('keys', open.length === 0, `${files.length} key files, readable by their owner only.`, bad);
}

/** Running: do they answer. Not running: could they listen. */
async function checkListeners(env: Env): Promise<readonly Finding[]> {
  const running = readRuntimeFile(env.dataDir);
  if (running.ok) {
    const { roles, consoleUrl, gatewayUrl } = running.value;
    const urls = { console: consoleUrl, gateway: gatewayUrl };
    const asked = (['console', 'gateway'] as const).filter((role) => roles.includes(role));
    return Promise.all(
      asked.map(async (role) =>
        finding(role, await isLive(urls[role]), `${urls[role]} answers.`, `${urls[role]} does not answer.`),
      ),
    );
  }
  const ports = { console: env.consolePort, gateway: env.gatewayPort } as const;
  return Promise.all(
    (['console', 'gateway'] as const).map(async (role) => {
      const state = ports[role] === 0 ? 'free' : await probePort(ports[role], env.bindAddress);
      const variable = `${role.toUpperCase()}_PORT`;
      return finding(
        role,
        state === 'free',
        `Port ${ports[role]} is free.`,
        `Port ${ports[role]} is ${state}: stop what uses it, or set ${variable}.`,
      );
    }),
  );
}
