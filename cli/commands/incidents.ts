import type { Command } from 'commander';
import { type IncidentDetail, incidentResolveSchema, incidentsQuerySchema } from '#lib/contracts/incidents.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { kindWords } from '#lib/core/incidents/kinds.ts';
import type { Result } from '#lib/core/result.ts';
import { acknowledgeIncident, resolveIncident } from '#lib/server/incidents/change-incident.ts';
import { listIncidents, readIncident } from '#lib/server/incidents/read-incidents.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { shortTime, tableOr } from '../table.ts';

export function addIncidents(program: Command, cli: Cli): void {
  const incidents = program.command('incidents').description('what somebody must look at, with the steps to take');
  incidents
    .command('list')
    .description('incidents, newest first')
    .option('--folder <folder>', 'open, resolved or drills', 'open')
    .option('--limit <n>', 'how many', '50')
    .action((options: { folder: string; limit: string }) => cli.onHost((host) => list(host, options)));
  incidents
    .command('show')
    .description('what was seen, what to do, and how it went')
    .argument('<id>')
    .action((id: string) => cli.onHost((host) => show(host, id)));
  incidents
    .command('acknowledge')
    .description('take an incident, so that nobody thinks that another does')
    .argument('<id>')
    .option('--take-over', 'also from whoever has it')
    .action((id: string, options: { takeOver?: boolean }) =>
      cli.onHost((host) =>
        change(host, id, () => acknowledgeIncident(host, host.actor, { id, takeOver: options.takeOver === true })),
      ),
    );
  incidents
    .command('resolve')
    .description('end an incident that you have taken')
    .argument('<id>')
    .requiredOption('--reason <why>', 'what it was, and what was done')
    .action((id: string, options: { reason: string }) => cli.onHost((host) => resolve(host, id, options.reason)));
}

async function list(host: Host, options: { folder: string; limit: string }): Promise<Outcome> {
  const query = incidentsQuerySchema.safeParse(options);
  if (!query.success) return failed(EXIT.usage, 'usage', 'The folder is open, resolved or drills; the limit 1 to 200.');
  const page = await listIncidents(host.prisma, host.actor, query.data);
  const rows = page.items.map((one) => [
    one.id,
    shortTime(one.openedAt),
    one.severity,
    one.drill ? 'drill' : 'real',
    kindWords(one.kind),
    one.state,
    one.acknowledgedBy ?? '-',
    String(one.count),
    one.title,
  ]);
  const heads = ['ID', 'OPENED', 'URGENCY', 'DRILL', 'KIND', 'STATE', 'WHO HAS IT', 'SIGNALS', 'TITLE'];
  return done(page, tableOr('None.', heads, rows));
}

async function show(host: Host, id: string): Promise<Outcome> {
  const incident = isId(id) ? await readIncident(host.prisma, host.actor, id) : null;
  return incident === null ? refused({ code: 'not-found' }) : done(incident, linesOf(incident));
}

function resolve(host: Host, id: string, why: string): Promise<Outcome> {
  const body = incidentResolveSchema.safeParse({ reason: why });
  if (!body.success) return Promise.resolve(failed(EXIT.usage, 'usage', 'Give --reason in a few words.'));
  return change(host, id, () => resolveIncident(host, host.actor, { id, reason: body.data.reason }));
}

async function change(
  host: Host,
  id: string,
  work: () => Promise<Result<{ readonly id: string }, Refusal>>,
): Promise<Outcome> {
  if (!isId(id)) return refused({ code: 'not-found' });
  const changed = await work();
  return changed.ok ? show(host, id) : refused(changed.error);
}

const isId = (text: string) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text);

function linesOf(incident: IncidentDetail): readonly string[] {
  const { title, detail, severity, drill, state, acknowledgedBy, count, resolution } = incident;
  const who = state === 'acknowledged' ? `, ${acknowledgedBy ?? '?'} has it` : '';
  return [
    `${drill ? 'DRILL: ' : ''}${title}`,
    detail,
    `${severity}, ${state}${who}, ${count} ${count === 1 ? 'signal' : 'signals'}, opened ${shortTime(incident.openedAt)}`,
    ...(resolution === null ? [] : [`Resolved by ${incident.resolvedBy ?? 'evidence'}: ${resolution}`]),
    '',
    'What to do:',
    ...incident.steps.flatMap((step, index) => [
      `${step.done === null ? '[ ]' : '[x]'} ${index + 1}. ${step.title}`,
      `      ${step.why}`,
    ]),
    '',
    'Story:',
    ...incident.events.map((event) =>
      [shortTime(event.at), event.by, event.kind, event.step ?? '', event.words ?? ''].filter(Boolean).join('  '),
    ),
  ];
}
