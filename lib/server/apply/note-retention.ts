// Server-only.
import { daysText, readOpenChange, readRule } from '../retention/retention-rows.ts';
import type { ApplyRun } from './apply-run.ts';
import type { ConfigFile } from './config-file.ts';

/**
 * Says where the file and the retention rule differ. A file changes nothing of it: less time erases evidence and more keeps
 * what people were promised is gone, so two signed-in people decide, whoever owns the host.
 */
export async function noteRetention(run: ApplyRun, retention: ConfigFile['retention']): Promise<void> {
  if (retention === undefined) return;
  const { tx, now } = run.write;
  const kept = (await readRule(tx, now))?.payloadDays ?? null;
  if (kept === retention.payloadDays) return;
  const open = await readOpenChange(tx, now);
  const waits = open !== null && open.payloadDays === retention.payloadDays ? 'It is proposed and waits.' : null;
  run.notes.push(
    `Retention: arguments and results are kept ${daysText(kept)}, the file says ${daysText(retention.payloadDays)}. ` +
      (waits ?? `Two signed-in people decide that: propose it at ${run.consoleUrl}/settings/retention`),
  );
}
