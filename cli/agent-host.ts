// The command as one file, for the machines of agents: what they need, and nothing of the installation.
import { Command, CommanderError } from 'commander';
import { readProcessEnv } from '#lib/server/env.ts';
import type { Cli, Io } from './cli.ts';
import { addBridge } from './commands/bridge.ts';
import { addConnect } from './commands/connect.ts';
import { addAgentHostDoctor } from './commands/doctor-agent-host.ts';
import { addLogin } from './commands/login.ts';
import { addLogout } from './commands/logout.ts';
import { addVerify } from './commands/verify.ts';
import { EXIT, failed, type Outcome, printed } from './outcome.ts';

const ELSEWHERE = 'This command works on the host of the installation: npx countersign there.';

const TERMINAL: Io = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  colour: process.stdout.isTTY === true,
};

/** Runs one command line and answers its exit code; never throws. */
async function runAgentHost(argv: readonly string[], io: Io): Promise<number> {
  let exit: number = EXIT.ok;
  const program = new Command('countersign')
    .description(
      'What agents’ machines need of Countersign: the bridge to the gateway, the check of its confinement, sign-in and the verifier.',
    )
    .version('0.1.0')
    .option('--json', 'print one JSON document instead of text')
    .exitOverride();
  const report = (outcome: Outcome) => {
    exit = outcome.exit;
    const json = program.opts<{ json?: boolean }>().json === true;
    for (const text of printed(outcome, json)) (json || outcome.exit === EXIT.ok ? io.out : io.err)(text);
  };
  const cli: Cli = {
    io,
    env: () => readProcessEnv({}),
    run: async (work) => {
      const env = readProcessEnv({});
      report(env.ok ? await work(env.value) : failed(EXIT.usage, 'bad-environment', env.error.sentence));
    },
    onHost: async () => report(failed(EXIT.usage, 'elsewhere', ELSEWHERE)),
    report,
    endWith: (code) => {
      exit = code;
    },
  };
  for (const add of [addBridge, addConnect, addAgentHostDoctor, addLogin, addLogout, addVerify]) add(program, cli);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    io.err(`Something broke on our side: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.refused;
  }
}

process.exitCode = await runAgentHost(process.argv.slice(2), TERMINAL);
