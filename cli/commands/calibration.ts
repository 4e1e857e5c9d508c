import type { Command } from 'commander';
import { type CalibrationFigures, calibrationPatchSchema, plantBodySchema } from '#lib/contracts/calibration.ts';
import type { Share } from '#lib/core/statistics/interval.ts';
import { changeCalibration } from '#lib/server/calibration/calibration-settings.ts';
import { plantSoon } from '#lib/server/calibration/plan-plants.ts';
import { readCalibration } from '#lib/server/calibration/read-calibration.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { shortTime, tableOr } from '../table.ts';

type OnOptions = { perWeek?: string; server?: string };

export function addCalibration(program: Command, cli: Cli): void {
  const calibration = program
    .command('calibration')
    .description('whether people look before they approve: figures, and planted known-bad requests');
  calibration
    .command('show')
    .description('how each reviewer decides, and the planted requests that were judged')
    .action(() => cli.onHost(show));
  calibration
    .command('on')
    .description('plant known-bad requests at random times')
    .option('--per-week <n>', 'how many a week, 1 to 20')
    .option('--server <name>', 'what the server is called that they ask for; it has no upstream')
    .action((options: OnOptions) => cli.onHost((host) => switchOn(host, options)));
  calibration
    .command('off')
    .description('plant no more; what is planned is given up, what is open is judged')
    .action(() =>
      cli.onHost(async (host) => {
        const changed = await changeCalibration(host, host.actor, { enabled: false });
        return changed.ok ? done({ enabled: false }, ['Nothing is planted any more.']) : refused(changed.error);
      }),
    );
  calibration
    .command('plant')
    .description('plant one more, at a random moment')
    .option('--within-minutes <n>', 'how soon at the latest', '60')
    .action((options: { withinMinutes: string }) => cli.onHost((host) => plant(host, options.withinMinutes)));
}

async function switchOn(host: Host, options: OnOptions): Promise<Outcome> {
  const patch = calibrationPatchSchema.safeParse({
    enabled: true,
    server: options.server,
    ...(options.perWeek === undefined ? {} : { perWeek: Number(options.perWeek) }),
  });
  if (!patch.success) {
    return failed(EXIT.usage, 'usage', 'Give --per-week from 1 to 20, and --server as a name of a server.');
  }
  const changed = await changeCalibration(host, host.actor, patch.data);
  if (!changed.ok) return refused(changed.error);
  const { settings } = await readCalibration(host.prisma);
  return done(settings, [`About ${settings.perWeek} a week are planted, for tools of ${settings.server ?? '?'}.`]);
}

async function plant(host: Host, text: string): Promise<Outcome> {
  const body = plantBodySchema.safeParse({ withinMinutes: Number(text) });
  if (!body.success) return failed(EXIT.usage, 'usage', 'Give --within-minutes as a number from 0 to 10080.');
  const planted = await plantSoon(host, host.actor, body.data.withinMinutes);
  if (!planted.ok) return refused(planted.error);
  return done(planted.value, [
    `It comes within ${body.data.withinMinutes} minutes; which request it is, nobody is told.`,
  ]);
}

async function show(host: Host): Promise<Outcome> {
  const data = await readCalibration(host.prisma);
  const { settings, people, plants, overall, ahead } = data;
  const header = ['REVIEWER', 'APPROVED', 'DENIED', 'MEDIAN LOOK', 'UNOPENED', 'OVERTURNED', 'PLANTS CAUGHT', 'NOTE'];
  const rows = people.map((one) => [
    one.name,
    String(one.approved),
    String(one.denied),
    one.medianDwellS === null ? '-' : `${one.medianDwellS.toFixed(1)} s`,
    String(one.unopened),
    shareText(one.overturned),
    shareText(one.plants),
    noteOf(one),
  ]);
  const planted = plants.map((one) => [
    shortTime(one.judgedAt),
    one.outcome,
    one.pattern,
    one.votes.map((vote) => `${vote.name} ${vote.caught ? 'denied' : 'approved'}`).join(', '),
  ]);
  return done(data, [
    `Planting ${settings.enabled ? `about ${settings.perWeek} a week` : 'is off'}; ${ahead} planned or open.`,
    `Caught ${shareText(overall)} in the last ${data.days} days.`,
    '',
    ...tableOr('Nobody holds the role reviewer.', header, rows),
    '',
    ...tableOr('No planted request was judged yet.', ['JUDGED', 'OUTCOME', 'PATTERN', 'VOTES'], planted),
  ]);
}

/** Few cases say little, so the interval stands beside them. */
function shareText({ hits, of, low, high }: Share): string {
  return of === 0 ? 'none yet' : `${hits} of ${of} (${Math.round(low * 100)}-${Math.round(high * 100)} %)`;
}

function noteOf(one: CalibrationFigures): string {
  return one.nudge ? 'approves nearly everything in under 3 s' : '';
}
