// Server-only. `countersign apply`: the file becomes the configuration, in one transaction, or nothing changes.
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { nativeSha256Hex } from '../calls/native-hash.ts';
import { type ConfigDeps, mayConfigure, refuse, writeConfig } from '../db/config-write.ts';
import { applyAgents } from './apply-agents.ts';
import { applyCredentials } from './apply-credentials.ts';
import { applyEgress, applyEgressIdentities } from './apply-egress.ts';
import { applyGroups } from './apply-groups.ts';
import { applyPeople } from './apply-people.ts';
import { applyPolicies } from './apply-policies.ts';
import type { ApplyRun, ApplySecrets, ConfigChange, Misfit, Step } from './apply-run.ts';
import { applyServers } from './apply-servers.ts';
import type { ConfigFile } from './config-file.ts';
import { prepare } from './find-definitions.ts';
import { noteRetention } from './note-retention.ts';
import { type ConfigFault, type PlaceOf, readConfig, showPath } from './read-config.ts';

export type ApplyOptions = ConfigDeps & {
  readonly actor: ConfigActor;
  /** Says what would change and changes nothing: no command is started, no server is contacted. */
  readonly dryRun: boolean;
  /** Origin of the console, for invitation links. */
  readonly consoleUrl: string;
  /** Adds the allowlist entries that the file's servers need, which the caller has shown and confirmed. */
  readonly addEgress?: boolean;
};

/** What changed (or would), and the secrets that are shown only now. */
export type Applied = ApplySecrets & { readonly changes: readonly ConfigChange[]; readonly notes: readonly string[] };

/** Why nothing changed: faults with their lines, or allowlist entries to confirm. */
export type ApplyRefusal = {
  readonly code: 'invalid-config' | 'egress-entry-needed' | 'not-allowed';
  readonly faults: readonly ConfigFault[];
  readonly needs: readonly EgressEntryInput[];
};

/**
 * Applies a configuration file.
 *
 * What the file names is made so; what it does not name stays: nothing is ever deleted (`status: disabled` switches off,
 * a `policies` list replaces the policy as a whole, the tools of an external server are exactly the declared ones). The
 * second run of the same file changes nothing. A refusal anywhere rolls everything back and names the line.
 */
export async function applyConfig(text: string, options: ApplyOptions): Promise<Result<Applied, ApplyRefusal>> {
  if (!mayConfigure(options.actor)) return err({ code: 'not-allowed', faults: [], needs: [] });
  const read = readConfig(text);
  if (!read.ok) return err({ code: 'invalid-config', faults: read.error, needs: [] });
  const { file, placeOf } = read.value;
  const { dryRun, addEgress = false } = options;
  const prepared = await prepare(options, file, { dryRun, addEgress });
  if (!prepared.ok) return misfit(prepared.error, placeOf);
  const { found, needs } = prepared.value;
  if (needs.length > 0 && !addEgress) return err({ code: 'egress-entry-needed', faults: [], needs });

  const state: { applied: Applied | null; misfit: Misfit | null } = { applied: null, misfit: null };
  const written = await writeConfig(options, options.actor, async (write) => {
    const { consoleUrl } = options;
    const lists = { changes: [], notes: [], agents: [], invitations: [], confirmedEgress: needs };
    const run: ApplyRun = { write, consoleUrl, dryRun, found, ...lists };
    const step = await applyAll(run, file);
    if (!step.ok) {
      state.misfit = step.error;
      return step;
    }
    await noteRetention(run, file.retention);
    if (run.changes.length > 0) {
      await recordEvent(write.tx, write.keys, {
        type: 'config.applied',
        actor: auditActor(write.actor),
        detail: { file: nativeSha256Hex(text), changes: run.changes.length },
      });
    }
    const { changes, notes, agents, invitations } = run;
    state.applied = dryRun ? { changes, notes, agents: [], invitations: [] } : { changes, notes, agents, invitations };
    // A dry run is the real run, rolled back: it cannot say anything else than what would happen.
    return dryRun ? refuse('conflict', 'dry run') : ok(null);
  });
  if (state.misfit !== null) return misfit(state.misfit, placeOf);
  if (state.applied === null || (!written.ok && !dryRun)) throw new Error('the configuration was not applied');
  return ok(state.applied);
}

async function applyAll(run: ApplyRun, file: ConfigFile): Promise<Step> {
  const steps = [
    () => applyPeople(run, file.people ?? []),
    () => applyGroups(run, file.groups ?? []),
    () => applyEgress(run, file.egress ?? [], 'gateway'),
    () => applyServers(run, file.servers ?? []),
    () => applyCredentials(run, file.credentials ?? []),
    () => applyAgents(run, file.agents ?? []),
    () => applyEgress(run, file.egress ?? [], 'others'),
    () => applyEgressIdentities(run, file.egressIdentities ?? []),
    () => (file.policies === undefined ? Promise.resolve(ok(null)) : applyPolicies(run, file.policies)),
  ];
  for (const step of steps) {
    const done = await step();
    if (!done.ok) return done;
  }
  return ok(null);
}

function misfit(refusal: Misfit, placeOf: PlaceOf): { readonly ok: false; readonly error: ApplyRefusal } {
  const faults = [refusal, ...(refusal.also ?? [])].map(({ path, code, detail }) => ({
    ...placeOf(path),
    path: showPath(path),
    code,
    message: detail ?? code,
  }));
  return err({ code: 'invalid-config', faults, needs: [] });
}
