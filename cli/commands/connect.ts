import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';
import { CLIENTS, type ClientName } from '../connect/client-entries.ts';
import { type ConnectFlags, runConnect } from '../connect/run-connect.ts';
import { splitList } from '../split-list.ts';

type Options = Omit<ConnectFlags, 'servers'> & { readonly servers: string };

export function addConnect(program: Command, cli: Cli): void {
  program
    .command('connect')
    .description('write the gateway into an agent’s client configuration, or take it back')
    .addArgument(new Argument('<client>', 'whose configuration').choices([...CLIENTS]))
    .option('--servers <list>', 'servers, separated by commas', '')
    .option('--aggregate', 'all servers of the agent under one (/mcp)')
    .option('--url <url>', 'the gateway', 'http://127.0.0.1:4000')
    .option('--token-file <file>', 'a static token, or what "agents create --save" wrote')
    .option('--client-id <id>', 'the agent’s client id')
    .option('--client-secret-file <file>', 'its secret')
    .option('--key-file <file>', 'its private key, instead of a secret')
    .addOption(
      new Option('--via <way>', 'start the bridge, or let the client speak HTTP with a token from its environment')
        .choices(['bridge', 'http'])
        .default('bridge'),
    )
    .option('--file <path>', 'the configuration, where it is not in the client’s usual place')
    .option('--dry-run', 'show the entry and write nothing')
    .option('--undo', 'take back what was written')
    .action((client: ClientName, options: Options) => {
      const here = {
        home: homedir(),
        directory: process.cwd(),
        node: process.execPath,
        script: resolve(process.argv[1] ?? ''),
      };
      cli.report(runConnect(client, { ...options, servers: splitList(options.servers) }, here));
    });
}
