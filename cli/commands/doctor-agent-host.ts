import { type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';
import { type AgentHostFlags, fromAgentHost } from '../doctor/from-agent-host.ts';
import { EXIT, failed } from '../outcome.ts';

/** The doctor of an agent's machine, where there is no installation to look at. */
export function addAgentHostDoctor(program: Command, cli: Cli): void {
  agentHostOptions(
    program.command('doctor').description('check that this agent’s host is confined to gateway and proxy'),
  ).action((options: AgentHostFlags & { readonly fromAgentHost?: true }) =>
    cli.run(async (env) =>
      options.fromAgentHost === true
        ? fromAgentHost(env, options)
        : failed(EXIT.usage, 'elsewhere', 'Add --from-agent-host: nothing else can be checked from here.'),
    ),
  );
}

/** The options of that check, the same in both programs. */
export function agentHostOptions(command: Command): Command {
  return command
    .option('--from-agent-host', 'run where the agent runs: prove that gateway and proxy are the only ways out')
    .option('--gateway <url>', 'with --from-agent-host: the gateway (default: GATEWAY_URL)')
    .option(
      '--proxy <url>',
      'with --from-agent-host: the egress proxy (default: the gateway’s host, EGRESS_PROXY_PORT)',
    )
    .option('--token-file <file>', 'with --from-agent-host: a token of the agent for the audience /egress')
    .option('--through <host:port>', 'with --token-file: a destination on the agent’s list')
    .addOption(
      new Option(
        '--upstream <url>',
        'with --from-agent-host: an upstream server, which must not be reachable from here',
      )
        .argParser((value: string, list: readonly string[]) => [...list, value])
        .default([], 'none'),
    );
}
