// Server-only.
import type { z } from 'zod';
import type { Simulation, simulateBodySchema } from '#lib/contracts/policies.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { compileRules } from '#lib/core/policies/compile.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { PolicyCall, PolicyDefaults, Rule } from '#lib/core/policies/rule.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigDeps, type ConfigRefusal, refuse } from '../db/config-write.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { inspectableOf } from '../inspect/inspectable.ts';
import { countEffects } from './effects.ts';
import { readInForce, rulesOf } from './policy-rows.ts';
import { readKnownTools } from './read-world.ts';
import { recordedCalls } from './recorded-calls.ts';
import { mayApprovePolicies } from './second-person.ts';

const DAYS = 30;
const MOST_CALLS = 50_000;
const TURN_MS = 20;

type Draft = { readonly rules: readonly Rule[]; readonly freesAllowed: boolean };

/**
 * Decides the recorded calls of a window twice: by the policy in force and by another, and counts what would differ.
 *
 * By today's tags, because that is what the other policy would meet; calls of tools that are gone are left out, since no
 * policy is asked about them. Each call is decided as of its own time. A `frees` of the draft counts as let in. Reads at
 * most the newest 50,000 calls and says so. Refuses everybody outside admin and security: the examples carry arguments.
 */
export async function simulatePolicy(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: z.infer<typeof simulateBodySchema>,
  most: number = MOST_CALLS,
): Promise<Result<Simulation, ConfigRefusal>> {
  if (!mayApprovePolicies(actor))
    return refuse('not-allowed', 'Simulating shows arguments: it needs the role admin or security.');
  const tx = deps.prisma;
  const draft = await readDraft(tx, input);
  if (!draft.ok) return draft;
  const now = await databaseNow(tx);
  const until = input.until === undefined ? now : new Date(input.until);
  const since = input.since === undefined ? new Date(until.getTime() - DAYS * 86_400_000) : new Date(input.since);
  if (since >= until) return refuse('invalid-request', 'since: must be before until.');

  const { undoHighS } = await tx.settings.findUniqueOrThrow({ where: { id: 1 } });
  const inForce = await readInForce(tx);
  const before = policyOf(inForce, undoHighS);
  const after = policyOf(draft.value, undoHighS);
  const tools = new Map((await readKnownTools(tx)).map((one) => [`${one.server}\n${one.tool}`, one]));
  const tainted = await readTaints(tx);

  const effects = countEffects();
  let read = 0;
  let turnAt = performance.now();
  for await (const batch of recordedCalls(tx, deps.keys, { since, until, limit: most + 1 })) {
    for (const call of batch) {
      if (++read > most) break;
      const known = tools.get(`${call.server}\n${call.tool}`);
      if (known === undefined) continue;
      const { tier, actionClass } = known;
      const asked: PolicyCall = {
        agent: call.agent,
        server: call.server,
        tool: call.tool,
        tier,
        actionClass,
        args: call.args,
        session: call.session,
        tainted: call.atMs >= (tainted.get(`${call.agent}\n${call.session ?? ''}`) ?? Number.POSITIVE_INFINITY),
        inspectable: call.args === undefined ? undefined : inspectableOf(call.args),
        nowMs: call.atMs,
      };
      effects.add({ call, tier, actionClass, before: before(asked), after: after(asked) });
      // Other requests of this process get their turn, also when rules want arguments read.
      if (performance.now() - turnAt < TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turnAt = performance.now();
    }
  }
  const names = draft.value.rules.map((rule) => rule.name);
  const counted = effects.result(names, { since, until });
  return ok({
    ...counted,
    since: since.toISOString(),
    until: until.toISOString(),
    total: { ...counted.total, truncated: read > most },
  });
}

async function readDraft(tx: Tx, input: z.infer<typeof simulateBodySchema>): Promise<Result<Draft, ConfigRefusal>> {
  if ((input.rules === undefined) === (input.version === undefined)) {
    return refuse('invalid-request', 'Give either rules or a version.');
  }
  if (input.rules !== undefined) return ok({ rules: input.rules, freesAllowed: true });
  const row = await tx.policyVersion.findUnique({ where: { version: input.version ?? 0 } });
  return row === null ? refuse('not-found') : ok({ rules: rulesOf(row), freesAllowed: true });
}

function policyOf({ rules, freesAllowed }: Draft, undoHighS: number) {
  const compiled = compileRules(rules);
  const defaults: PolicyDefaults = { undoHighS, freesAllowed };
  return (call: PolicyCall) => decide({ rules: compiled, call, defaults });
}

/** Since when which session is tainted, under the names that the log has for them. */
async function readTaints(tx: Tx): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.$queryRaw<{ agent: string; session_key: string; since: Date }[]>`
    SELECT a.name AS agent, t.session_key, t.since FROM session_taints t JOIN agents a ON a.id = t.agent_id`;
  return new Map(rows.map((row) => [`${row.agent}\n${row.session_key}`, row.since.getTime()]));
}
