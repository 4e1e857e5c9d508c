// A bridge in this process, with its client's end in the test's hands, and a gateway that can be stopped and started.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type BridgeFlags, runBridge } from '#cli/bridge/run-bridge.ts';
import type { Tier } from '#lib/core/risk/types.ts';
import { type Gateway, startGateway } from '#lib/server/gateway/start-gateway.ts';
import { createLog } from '#lib/server/log.ts';
import { freePort } from '#lib/server/postgres/free-port.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { acceptUpstream, gatewayEnv } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

export type Line = { readonly raw: string; readonly body: Record<string, unknown> };
export type RunningBridge = {
  send(line: string): void;
  /** Sends a request and waits for the response with its id. */
  ask(message: Record<string, unknown> & { readonly id: string | number }): Promise<Line>;
  answer(id: string | number): Promise<Line>;
  readonly lines: Line[];
  readonly said: string[];
  readonly ended: Promise<number>;
  /** The client closes its end. */
  close(): Promise<number>;
};

const PATIENCE_MS = 20_000;

/** Starts a bridge. */
export function startBridge(flags: Partial<BridgeFlags> & { readonly url: string }): RunningBridge {
  const input = new PassThrough();
  const lines: Line[] = [];
  const said: string[] = [];
  const looks = new Set<() => void>();
  const stop = new AbortController();
  const ended = runBridge(
    { patience: 30, hold: 20, ...flags },
    {
      input,
      write: (raw) => {
        lines.push({ raw, body: JSON.parse(raw) });
        for (const look of looks) look();
      },
      say: (sentence) => said.push(sentence),
      stop: stop.signal,
    },
  );
  const answer = (id: string | number) =>
    new Promise<Line>((resolve, reject) => {
      const late = setTimeout(() => {
        looks.delete(look);
        reject(new Error(`no answer to ${id}; said: ${said.join(' | ')}`));
      }, PATIENCE_MS);
      const look = () => {
        const found = lines.find(({ body }) => body.id === id && body.method === undefined);
        if (found === undefined) return;
        clearTimeout(late);
        looks.delete(look);
        resolve(found);
      };
      looks.add(look);
      look();
    });
  const send = (line: string) => void input.write(`${line}\n`);
  return {
    send,
    ask: (message) => {
      send(JSON.stringify({ jsonrpc: '2.0', ...message }));
      return answer(message.id);
    },
    answer,
    lines,
    said,
    ended,
    close: () => {
      input.end();
      return ended;
    },
  };
}

/** A gateway whose public address is where it really listens, so that tokens can be fetched from it; it can come and go. */
export async function gatewayThatReturns(at: Installation) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const start = (): Promise<Gateway> => {
    const env = gatewayEnv(at, { GATEWAY_PORT: String(port), GATEWAY_URL: url });
    return startGateway({ databaseUrl: at.url, keys: at.keys, env, log: createLog('silent', 'gateway') });
  };
  return { url: `http://127.0.0.1:${port}`, publicUrl: url, port, start };
}

/** A directory for secrets, and a way to put one there for its owner only. */
export function secretsDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'countersign-bridge-'));
  return {
    path,
    put: (name: string, content: string, mode = 0o600) => {
      const file = join(path, name);
      writeFileSync(file, content, { mode });
      return file;
    },
    dispose: () => rmSync(path, { recursive: true, force: true }),
  };
}

export const INITIALIZE = {
  id: 'init',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

/** Shakes hands as a client of the older revisions does. */
export async function shakeHands(bridge: RunningBridge): Promise<void> {
  await bridge.ask(INITIALIZE);
  bridge.send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
}

export type Bridged = {
  readonly at: Installation;
  readonly upstream: RecordingUpstream;
  readonly place: Awaited<ReturnType<typeof gatewayThatReturns>>;
  readonly secrets: ReturnType<typeof secretsDirectory>;
  readonly gateway: Gateway;
};

/** An installation with the server `files`, its tools tagged as told, and a gateway that runs. */
export async function openBridged(tiers: Readonly<Record<string, Tier>>): Promise<Bridged> {
  const at = await openInstallation();
  const upstream = await startRecordingUpstream();
  const place = await gatewayThatReturns(at);
  const gateway = await place.start();
  await acceptUpstream(at, 'files', upstream, tiers);
  return { at, upstream, place, gateway, secrets: secretsDirectory() };
}

/** Closes it; `gateway` is the one that runs now. */
export async function closeBridged({ at, upstream, secrets, gateway }: Omit<Bridged, 'place'>): Promise<void> {
  upstream.release();
  await gateway.close();
  await upstream.close();
  secrets.dispose();
  await at.close();
}
