import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { toVisible } from '#lib/core/text/visible.ts';
import { type Applied, type ApplyRefusal, applyConfig } from '#lib/server/apply/apply-config.ts';
import type { Cli } from '../cli.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';

const SIGNS = { add: '+', change: '~', accept: '✓', tag: '#', propose: '?', withdraw: '-' } as const;

type Options = { file: string; dryRun?: boolean; addEgress?: boolean };

export function addApply(program: Command, cli: Cli): void {
  program
    .command('apply')
    .description('make the configuration as a file says, in one transaction; what it does not name stays')
    .requiredOption('-f, --file <countersign.yaml>', 'the file, or - for standard input')
    .option('--dry-run', 'only say what would change')
    .option('--add-egress', 'also add the allowlist entries that the file’s servers need')
    .action((options: Options) =>
      cli.onHost(async (host) => {
        const text = read(options.file);
        if (text === null) {
          return failed(EXIT.usage, 'no-file', toVisible(`${options.file} cannot be read.`));
        }
        const dryRun = options.dryRun === true;
        const addEgress = options.addEgress === true;
        const applied = await applyConfig(text, { ...host, dryRun, addEgress });
        return applied.ok ? showApplied(applied.value, dryRun) : showRefusal(applied.error, options.file);
      }),
    );
}

function read(file: string): string | null {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    return null;
  }
}

function showApplied(applied: Applied, dryRun: boolean): Outcome {
  const { changes, notes, agents, invitations } = applied;
  if (changes.length === 0) {
    return done({ dryRun, ...applied }, ['Nothing to change.', ...notes.map((note) => toVisible(note))]);
  }
  const lines = changes.map(({ kind, what, name, fields }) => {
    const which = fields.length === 0 ? '' : `: ${fields.join(', ')}`;
    return toVisible(`${SIGNS[kind]} ${kind} ${what} ${name}${which}`);
  });
  const secrets = [
    ...agents.map(
      ({ name, clientId, clientSecret }) =>
        `Agent ${name}: client id ${clientId}, client secret ${clientSecret} (shown this once)`,
    ),
    ...invitations.map(({ email, link }) => toVisible(`Invitation for ${email}: ${link}`)),
  ];
  const closing = dryRun ? `${changes.length} change(s) would be made.` : `${changes.length} change(s) made.`;
  return done({ dryRun, ...applied }, [...lines, ...secrets, ...notes.map((note) => toVisible(note)), closing]);
}

function showRefusal(refusal: ApplyRefusal, file: string): Outcome {
  switch (refusal.code) {
    case 'not-allowed':
      return refused({ code: 'not-allowed' });
    case 'egress-entry-needed':
      return {
        exit: EXIT.refused,
        data: { error: refusal },
        lines: [
          'The allowlist does not cover these destinations yet. Add the lines under "egress:", or run again with --add-egress:',
          ...refusal.needs.map((entry) => `  - ${entryLine(entry)}`),
          'Nothing was changed.',
        ],
      };
    case 'invalid-config':
      return {
        exit: EXIT.refused,
        data: { error: refusal },
        lines: [
          ...refusal.faults.map(({ line, column, path, code, message }) =>
            toVisible(`${file}:${line}:${column} ${code}${path === '' ? '' : ` ${path}`}: ${message}`),
          ),
          'Nothing was changed.',
        ],
      };
  }
}

function entryLine({ scheme, host, port, path, cidr, reason }: EgressEntryInput): string {
  const range = cidr === null ? '' : `, cidr: ${cidr}`;
  return toVisible(`{ scheme: ${scheme}, host: ${host}, port: ${port}, path: ${path}${range}, reason: ${reason} }`);
}
