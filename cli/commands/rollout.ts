import type { Command } from 'commander';
import type { Rollout, RolloutForecast } from '#lib/contracts/rollout.ts';
import { readForecast } from '#lib/server/rollout/read-forecast.ts';
import { readRollout } from '#lib/server/rollout/read-rollout.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { shortTime, table } from '../table.ts';

type Options = { zone: string };

export function addRollout(program: Command, cli: Cli): void {
  program
    .command('rollout')
    .description('the four weeks with what proves each step, the controls, and what a policy would cost people')
    .option(
      '--zone <zone>',
      'whose working hours the forecast is about',
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    )
    .action((options: Options) => cli.onHost((host) => show(host, options)));
}

async function show(host: Host, { zone }: Options): Promise<Outcome> {
  const rollout = await readRollout(host.prisma);
  const forecast = await readForecast(host, zone);
  if (!forecast.ok) return refused(forecast.error);
  const since = `since ${shortTime(rollout.startedAt)}`;
  return done({ rollout, forecast: forecast.value }, [
    rollout.week > 4 ? `Past week 4, ${since}.` : `Week ${rollout.week} of 4, ${since}.`,
    ...rollout.weeks.flatMap(weekLines),
    '',
    ...controlLines(rollout.controls),
    '',
    ...forecastLines(forecast.value),
  ]);
}

const MARKS = { done: 'x', partial: '~', open: ' ', 'not-applicable': '-' } as const;

function weekLines({ week, title, done: proven, of, steps }: Rollout['weeks'][number]): readonly string[] {
  return [
    '',
    `Week ${week}: ${title} (${proven} of ${of} proven)`,
    ...steps.map(({ state, title: step, evidence }) => `  [${MARKS[state]}] ${step}: ${evidence}`),
  ];
}

function controlLines(controls: Rollout['controls']): readonly string[] {
  const rows = controls.map(({ title, mode, evidence, windows }) => [
    title,
    mode,
    [evidence, ...windows.map(({ scope, running, endsAt }) => windowWords(scope, running ? endsAt : null))].join(' '),
  ]);
  return table(['CONTROL', 'MODE', 'EVIDENCE'], rows);
}

function windowWords(scope: string, endsAt: string | null): string {
  return endsAt === null ? `${scope} waits for a second person.` : `${scope} in observe until ${shortTime(endsAt)}.`;
}

function forecastLines({ calls, enough, working, work, zone }: RolloutForecast): readonly string[] {
  if (calls === 0) return ['Forecast: no call was recorded in 30 days.'];
  const doubt = enough === 'yes' ? '' : ' There is too little to say more than a guess.';
  return [
    `Requests in a working hour (${work.from}:00 to ${work.to}:00, Monday to Friday, ${zone}), from ${calls} recorded calls.${doubt}`,
    ...table(
      ['NOW', 'NOTHING IN OBSERVE', 'ALL HIGH HELD', 'MEDIUM AND HIGH HELD'],
      [[working.now, working.enforced, working.high, working.mediumAndHigh].map(String)],
    ),
  ];
}
