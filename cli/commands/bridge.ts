import { type Command, InvalidArgumentError } from 'commander';
import { type BridgeFlags, runBridge } from '../bridge/run-bridge.ts';
import type { Cli } from '../cli.ts';

const DEFAULT_URL = 'http://127.0.0.1:4000';

export function addBridge(program: Command, cli: Cli): void {
  program
    .command('bridge')
    .description('carry an agent’s stdio to the gateway, or put the gateway before a local stdio server')
    .argument('[server]', 'the server, as it is named in the console')
    .argument('[command...]', 'with --stdio, after --: the local server and its arguments')
    .option('--url <url>', 'the gateway', DEFAULT_URL)
    .option('--token-file <file>', 'a static token, or what "agents create --save" wrote; read again when it changes')
    .option('--client-id <id>', 'the agent’s client id')
    .option('--client-secret-file <file>', 'its secret; tokens of 15 minutes are fetched with it')
    .option('--key-file <file>', 'its private key (PEM or JWK), instead of a secret')
    .option('--aggregate', 'all servers of the agent under one (/mcp)')
    .option('--stdio', 'run the local server that follows --, and ask the gateway before each of its tool calls')
    .option('--renew-token-file <file>', 'keep a static token fresh in this file, for clients that need a fixed header')
    .option('--audience <path>', 'with --renew-token-file: /mcp/<server>, /mcp, /api/v1/calls or /egress')
    .option('--once', 'with --renew-token-file: write one token and end')
    .option('--patience <seconds>', 'how long a message waits for a gateway that is not there', seconds, 60)
    .option('--hold <seconds>', 'with --stdio: how long a held call is waited for', seconds, 50)
    .option('--allow-http', 'use plain http beyond this machine')
    .action(async (server: string | undefined, command: string[], options: Omit<BridgeFlags, 'server' | 'command'>) => {
      const stop = new AbortController();
      const end = () => stop.abort();
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
      const flags = { ...options, command, ...(server === undefined ? {} : { server }) };
      cli.endWith(
        await runBridge(flags, {
          input: process.stdin,
          write: (line) => process.stdout.write(`${line}\n`),
          say: (sentence) => cli.io.err(`countersign bridge: ${sentence}`),
          stop: stop.signal,
        }),
      );
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, end);
      // Standard input may stay open for ever; nothing is read from it any more.
      process.stdin.destroy();
    });
}

function seconds(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError('Give whole seconds.');
  return Number(text);
}
