import type { Command } from 'commander';
import type { Result } from '#lib/core/result.ts';
import { type Env, type EnvProblem, readProcessEnv } from '#lib/server/env.ts';
import { type Host, openHost } from './host.ts';
import { EXIT, type ExitCode, failed, type Outcome, printed } from './outcome.ts';

/** Where the command writes; tests collect it. */
export type Io = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colour: boolean;
};

/** What every command works with. */
export type Cli = {
  readonly io: Io;
  /** The environment with the data directory of `--data-dir`. */
  env(): Result<Env, EnvProblem>;
  /** Runs a command that needs no installation, and reports how it ended. */
  run(work: (env: Env) => Promise<Outcome> | Outcome): Promise<void>;
  /** Runs a command on the installation of this host. */
  onHost(work: (host: Host) => Promise<Outcome>): Promise<void>;
  /** Reports how a command ended that needs nothing of this host. */
  report(outcome: Outcome): void;
  /** Ends with a code of a command that wrote its own output. */
  endWith(code: ExitCode | number): void;
};

type GlobalOptions = { readonly json?: boolean; readonly dataDir?: string };

/** Ties the commands to one run: its options, its output and its exit code. */
export function createCli(program: Command, io: Io): Cli & { code(): number } {
  let exit: number = EXIT.ok;
  const options = () => program.opts<GlobalOptions>();

  const report = (outcome: Outcome) => {
    exit = outcome.exit;
    const json = options().json === true;
    const print = json || outcome.exit === EXIT.ok ? io.out : io.err;
    for (const text of printed(outcome, json)) print(text);
  };
  const env = () => {
    const { dataDir } = options();
    return readProcessEnv(dataDir === undefined ? {} : { COUNTERSIGN_DATA_DIR: dataDir });
  };
  const run = async (work: (env: Env) => Promise<Outcome> | Outcome) => {
    const read = env();
    report(read.ok ? await work(read.value) : failed(EXIT.usage, 'bad-environment', read.error.sentence));
  };

  return {
    io,
    env,
    run,
    report,
    onHost: (work) =>
      run(async (read) => {
        const opened = await openHost(read);
        if (!opened.ok) {
          return opened.error;
        }
        try {
          return await work(opened.value);
        } finally {
          await opened.value.close();
        }
      }),
    endWith: (code) => {
      exit = code;
    },
    code: () => exit,
  };
}
