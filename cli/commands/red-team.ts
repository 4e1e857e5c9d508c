import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { RedTeamRunDetail } from '#lib/contracts/red-team.ts';
import { scenarioOf } from '#lib/core/red-team/catalogue.ts';
import { FAMILY_WORDS } from '#lib/core/red-team/scenario.ts';
import { scoresByFamily } from '#lib/core/red-team/score.ts';
import { askForRun } from '#lib/server/red-team/ask-for-run.ts';
import { readRedTeam, readRun } from '#lib/server/red-team/read-red-team.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { shortTime, tableOr } from '../table.ts';

const LOOK_MS = 500;
/** The worker takes a run within a second or so; one that is not there never does. */
const TAKEN_WITHIN_MS = 20_000;
const DONE_WITHIN_MS = 300_000;

export function addRedTeam(program: Command, cli: Cli): void {
  const redTeam = program
    .command('red-team')
    .description('attacks on this installation’s own guardrails: run them, and read what held');
  redTeam
    .command('run')
    .description('play every scenario now and wait for the result; ends with 1 unless nothing gets through')
    .action(() => cli.onHost(run));
  redTeam
    .command('report')
    .description('the last run that was finished; ends with 1 when it was red')
    .action(() => cli.onHost(report));
}

async function run(host: Host): Promise<Outcome> {
  const asked = await askForRun(host, host.actor);
  if (!asked.ok) return refused(asked.error);
  const from = performance.now();
  for (;;) {
    const detail = await readRun(host.prisma, asked.value.id);
    if (detail === null) return failed(EXIT.refused, 'not-found', 'The run is gone.');
    if (detail.run.finishedAt !== null) return concluded(detail);
    const spent = performance.now() - from;
    if (detail.run.state === 'waiting' && spent > TAKEN_WITHIN_MS) {
      return failed(EXIT.unreachable, 'not-running', 'No worker has taken the run yet. It waits for one.');
    }
    if (spent > DONE_WITHIN_MS)
      return failed(EXIT.refused, 'upstream-timeout', 'The run takes too long; see /red-team.');
    await sleep(LOOK_MS);
  }
}

async function report(host: Host): Promise<Outcome> {
  const { latest, setUp } = await readRedTeam(host.prisma);
  if (latest === null) {
    const why =
      setUp === null ? 'The red team is not set up: an admin does that at /red-team.' : 'No run has finished yet.';
    return failed(EXIT.refused, 'not-found', why);
  }
  const detail = await readRun(host.prisma, latest.run.id);
  return detail === null ? failed(EXIT.refused, 'not-found', 'The run is gone.') : concluded(detail);
}

function concluded(detail: RedTeamRunDetail): Outcome {
  const { run: ended, results } = detail;
  const families = scoresByFamily(results).map(({ family, held, of, through }) => [
    FAMILY_WORDS[family],
    `${held}/${of}`,
    through === 0 ? '-' : String(through),
  ]);
  const fallen = results
    .filter(({ standing }) => standing !== 'holds' && standing !== 'recovered')
    .map(({ scenario, standing, verdict }) => [standing, verdict, scenarioOf(scenario)?.title ?? scenario]);
  const word = ended.state === 'finished' ? (ended.light ?? '?') : `broken off: ${ended.trouble ?? '?'}`;
  const lines = [
    `${shortTime(ended.finishedAt ?? ended.askedAt)}  ${word}  ${ended.held ?? 0} of ${ended.counted ?? 0} held`,
    ...(ended.tripped === false ? ['The tripwire did not trip: the run could not have noticed anything.'] : []),
    '',
    ...tableOr('Nothing was played.', ['FAMILY', 'HELD', 'GOT THROUGH'], families),
    '',
    ...tableOr('Nothing else to tell.', ['STANDING', 'VERDICT', 'SCENARIO'], fallen),
  ];
  const isGood = ended.state === 'finished' && ended.light !== 'red';
  return isGood ? done(detail, lines) : { exit: EXIT.refused, data: detail, lines };
}
