import type { Command } from 'commander';
import { databaseNow } from '#lib/server/db/tx.ts';
import { countHeld } from '#lib/server/retention/count-held.ts';
import { daysText, readOpenChange, readRule } from '#lib/server/retention/retention-rows.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome } from '../outcome.ts';
import { shortTime } from '../table.ts';

export function addRetention(program: Command, cli: Cli): void {
  const retention = program.command('retention').description('how long sealed arguments and results are kept');
  retention
    .command('show')
    .description('the rule in force, the change that waits, and how much there is')
    .action(() => cli.onHost(show));
  for (const [command, argument] of [
    ['propose', '<days>'],
    ['approve', '<id>'],
    ['withdraw', '<id>'],
  ] as const) {
    retention
      .command(command)
      .description('two signed-in people decide it, in the console')
      .argument(argument)
      .action(() =>
        cli.onHost(async (host) => {
          // Who owns the host could erase everything anyway; what the log must be able to say is which two people wanted it.
          const sentence = `The operator of a host cannot ${command} a retention: an admin proposes it and another person agrees, signed in at ${host.consoleUrl}/settings/retention`;
          return failed(EXIT.notSignedIn, 'not-signed-in', sentence);
        }),
      );
  }
}

async function show(host: Host): Promise<Outcome> {
  const now = await databaseNow(host.prisma);
  const [rule, open, held] = [
    await readRule(host.prisma, now),
    await readOpenChange(host.prisma, now),
    await countHeld(host.prisma),
  ];
  const payloadDays = rule?.payloadDays ?? null;
  const waiting =
    open === null
      ? null
      : { payloadDays: open.payloadDays, status: open.status, effectiveAt: open.effectiveAt?.toISOString() ?? null };
  const until = waiting?.effectiveAt ?? null;
  const mib = (held.bytes / 1_048_576).toFixed(1);
  return done({ payloadDays, waiting, held }, [
    `Kept        ${daysText(payloadDays)}`,
    ...(waiting === null
      ? []
      : [
          `Waiting     ${daysText(waiting.payloadDays)}, ${until === null ? 'for a second person' : `in force ${shortTime(until)}`}`,
        ]),
    `There is    ${held.payloads}${held.more ? '+' : ''} payloads, ${held.requests} finished requests, ${mib} MiB`,
    `Change at   ${host.consoleUrl}/settings/retention`,
  ]);
}
