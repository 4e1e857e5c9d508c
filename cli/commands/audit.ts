import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { type AuditRow, auditQuerySchema } from '#lib/contracts/audit.ts';
import { toVisible } from '#lib/core/text/visible.ts';
import { openExport } from '#lib/server/audit/open-export.ts';
import { readTimeline } from '#lib/server/audit/read-timeline.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { shortTime } from '../table.ts';
import { type EvidenceOptions, evidenceOf, evidenceTo } from './audit-evidence.ts';

const AGAIN_MS = 1_000;
const PAGE = 200;
const FILTERS = [
  'type',
  'agent',
  'server',
  'tool',
  'actor',
  'decision',
  'session',
  'call',
  'request',
  'tier',
  'policy',
  'host',
] as const;

export function addAudit(program: Command, cli: Cli): void {
  const audit = program.command('audit').description('the log of everything that happened');
  audit
    .command('tail')
    .description('the newest entries')
    .option('-n, --lines <n>', 'how many', '20')
    .option('-f, --follow', 'go on as entries come, one a line')
    .action((options: { lines: string; follow?: boolean }) =>
      cli.onHost((host) => tail(host, options.lines, options.follow === true ? cli.io.out : null)),
    );
  const search = audit
    .command('search')
    .description('entries that fit, newest first')
    .option('--since <time>', 'ISO 8601, UTC')
    .option('--until <time>', 'ISO 8601, UTC')
    .option('--cursor <seq>', 'where the page before ended')
    .option('--limit <n>', 'at most so many', '100');
  for (const filter of FILTERS) {
    search.option(`--${filter} <${filter}>`);
  }
  search.action((options: Readonly<Record<string, string>>) =>
    cli.onHost(async (host) => {
      const query = auditQuerySchema.safeParse(options);
      if (!query.success) {
        const [issue] = query.error.issues;
        return failed(EXIT.usage, 'usage', `--${String(issue?.path[0] ?? '')}: ${issue?.message ?? 'does not fit'}.`);
      }
      const page = await readTimeline(host.prisma, query.data);
      if (!page.ok) {
        return failed(EXIT.usage, 'usage', page.error.detail);
      }
      const { items, nextCursor } = page.value;
      const more = nextCursor === null ? [] : [`More: --cursor ${nextCursor}`];
      return done(page.value, items.length === 0 ? ['No entry fits.'] : [...items.map(lineOf), ...more]);
    }),
  );
  audit
    .command('export')
    .description('write the whole log, or the evidence of one case, into a file that anybody can verify offline')
    .requiredOption('-o, --output <file>', 'where to: .ndjson for the whole log, .tar.gz for a case')
    .option('--call <id>', 'only one call, with its request')
    .option('--session <session>', 'only one session, from its first entry')
    .option('--since <time>', 'only from then on; ISO 8601, UTC')
    .action((options: EvidenceOptions & { output: string }) => {
      const of = evidenceOf(options);
      return cli.onHost((host) =>
        of === null ? exportTo(host, options.output) : evidenceTo(host, of, options.output),
      );
    });
}

async function tail(host: Host, lines: string, follow: ((text: string) => void) | null): Promise<Outcome> {
  const query = auditQuerySchema.safeParse({ limit: lines });
  if (!query.success) {
    return failed(EXIT.usage, 'usage', `Give -n a number from 1 to ${PAGE}.`);
  }
  const page = await readTimeline(host.prisma, query.data);
  if (!page.ok) {
    return refused(page.error);
  }
  const newestLast = page.value.items.toReversed();
  if (follow === null) {
    return done(page.value, newestLast.length === 0 ? ['The log is empty.'] : newestLast.map(lineOf));
  }
  for (const row of newestLast) {
    follow(lineOf(row));
  }
  return followFrom(host, BigInt(newestLast.at(-1)?.seq ?? -1n), follow);
}

/** Until the process is ended, which is how one stops following. */
async function followFrom(host: Host, after: bigint, follow: (text: string) => void): Promise<Outcome> {
  let last = after;
  for (;;) {
    await delay(AGAIN_MS);
    const fresh: AuditRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await readTimeline(host.prisma, { limit: PAGE, cursor });
      if (!page.ok) {
        return refused(page.error);
      }
      fresh.push(...page.value.items.filter((row) => BigInt(row.seq) > last));
      const reached = page.value.items.some((row) => BigInt(row.seq) <= last);
      cursor = reached ? undefined : (page.value.nextCursor ?? undefined);
    } while (cursor !== undefined);
    for (const row of fresh.toReversed()) {
      follow(lineOf(row));
      last = BigInt(row.seq);
    }
  }
}

async function exportTo(host: Host, file: string): Promise<Outcome> {
  const lines = await openExport(host, host.actor);
  if (lines === null) {
    return refused({ code: 'not-found', detail: 'The log has no signed checkpoint yet.' });
  }
  try {
    await pipeline(chunksOf(lines), createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it broke off';
    return failed(EXIT.refused, 'not-written', toVisible(`${file} could not be written (${why}).`));
  }
  return done({ file, key: host.keys.logSigning.vkey }, [
    toVisible(`Wrote ${file}. Anybody can check it: npx countersign verify ${file} --key log.pub`),
    `log.pub is ${host.dataDir}/keys/log.pub; hand it out apart from the export.`,
  ]);
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    yield next.value;
  }
}

function lineOf(row: AuditRow): string {
  return toVisible(`${row.seq.padStart(6)}  ${shortTime(row.at)}  ${row.type.padEnd(18)}  ${row.sentence}`);
}
