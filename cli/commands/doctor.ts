import type { Command } from 'commander';
import { toVisible } from '#lib/core/text/visible.ts';
import type { Cli } from '../cli.ts';
import { checkHost } from '../doctor/check-host.ts';
import { checkInstallation } from '../doctor/check-installation.ts';
import { type Finding, isBad } from '../doctor/finding.ts';
import { openHost } from '../host.ts';
import { EXIT, type Outcome } from '../outcome.ts';

const MARKS = { good: 'ok  ', bad: 'BAD ', unknown: '?   ' } as const;

export function addDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('check this host and its installation')
    .action(() =>
      cli.run(async (env) => {
        const findings: Finding[] = [...(await checkHost(env))];
        const opened = await openHost(env);
        if (opened.ok) {
          try {
            findings.push(...(await checkInstallation(opened.value)));
          } finally {
            await opened.value.close();
          }
        } else {
          findings.push({ check: 'database', state: 'unknown', sentence: opened.error.lines.join(' ') });
        }
        return conclude(findings);
      }),
    );
}

function conclude(findings: readonly Finding[]): Outcome {
  const bad = findings.filter(isBad).length;
  return {
    exit: bad === 0 ? EXIT.ok : EXIT.refused,
    data: { findings, bad },
    lines: [
      ...findings.map(({ check, state, sentence }) => toVisible(`${MARKS[state]} ${check.padEnd(12)} ${sentence}`)),
      bad === 0 ? 'Nothing bad was found.' : `${bad} check(s) failed.`,
    ],
  };
}
