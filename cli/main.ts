// The `countersign` command.
import { Command, CommanderError } from 'commander';
import { createCli, type Io } from './cli.ts';
import { addAgents } from './commands/agents.ts';
import { addApply } from './commands/apply.ts';
import { addApprovals } from './commands/approvals.ts';
import { addAudit } from './commands/audit.ts';
import { addBridge } from './commands/bridge.ts';
import { addCalibration } from './commands/calibration.ts';
import { addCommands } from './commands/commands.ts';
import { addConnect } from './commands/connect.ts';
import { addCredentials } from './commands/credentials.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEgress } from './commands/egress.ts';
import { addExport } from './commands/export.ts';
import { addGroups } from './commands/groups.ts';
import { addIncidents } from './commands/incidents.ts';
import { addKill } from './commands/kill.ts';
import { addLogin } from './commands/login.ts';
import { addLogout } from './commands/logout.ts';
import { addNotifications } from './commands/notifications.ts';
import { addPeople } from './commands/people.ts';
import { addRedTeam } from './commands/red-team.ts';
import { addRestore } from './commands/restore.ts';
import { addRetention } from './commands/retention.ts';
import { addRollout } from './commands/rollout.ts';
import { addServers } from './commands/servers.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addVerify } from './commands/verify.ts';
import { EXIT, failed } from './outcome.ts';

const TERMINAL: Io = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  colour: process.stdout.isTTY === true,
};

const COMMANDS = [
  addStart,
  addStatus,
  addDoctor,
  addApply,
  addExport,
  addPeople,
  addGroups,
  addRetention,
  addLogin,
  addLogout,
  addAgents,
  addServers,
  addCommands,
  addCredentials,
  addEgress,
  addNotifications,
  addApprovals,
  addRollout,
  addCalibration,
  addRedTeam,
  addIncidents,
  addKill,
  addRestore,
  addAudit,
  addVerify,
  addBridge,
  addConnect,
];

/** Runs one command line and answers its exit code; never throws. With `--json` its faults are JSON as well. */
export async function runCli(argv: readonly string[], io: Io = TERMINAL): Promise<number> {
  const json = argv.includes('--json');
  const program = new Command('countersign')
    .description('Approval console and gateway for AI agents’ tools. Commands work on the host of the installation.')
    .version('0.1.0')
    .option('--json', 'print one JSON document instead of text')
    .option('--data-dir <directory>', 'data directory of the installation (default: COUNTERSIGN_DATA_DIR or ./data)')
    .showHelpAfterError('(countersign --help lists the commands)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => {
        if (!json) io.err(text.trimEnd());
      },
    });
  const cli = createCli(program, io);
  for (const add of COMMANDS) {
    add(program, cli);
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return cli.code();
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      if (json) io.out(JSON.stringify(failed(EXIT.usage, 'usage', usageSentence(error)).data, null, 2));
      return EXIT.usage;
    }
    io.err(`Something broke on our side: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.refused;
  }
}

/** Commander prefixes its faults, and calls a missing command a request for help. */
function usageSentence(error: CommanderError): string {
  if (error.code === 'commander.help') return 'A command is missing: countersign --help lists them.';
  return error.message.replace(/^error: /, '');
}
