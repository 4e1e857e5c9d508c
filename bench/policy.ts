// `npm run bench -- policy`: one decision, over few and many rules.
import { parseArgs } from 'node:util';
import { compileRules } from '#lib/core/policies/compile.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { PolicyCall, Rule } from '#lib/core/policies/rule.ts';
import { percentile, rounded } from './fixtures/percentile.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
const SIZES = [10, 100, 1_000, 10_000];
const BATCH = 50;
const BATCHES = 400;
const call: PolicyCall = {
  agent: 'openclaw-prod',
  server: 'filesystem',
  tool: 'write_file',
  tier: 'low',
  actionClass: 'file-write',
  args: { path: '/srv/site/index.html', size: 1_024, content: 'text '.repeat(200) },
  session: 'session-1',
  tainted: false,
  nowMs: Date.UTC(2026, 10, 20),
};

/**
 * A quarter names other servers, a quarter is patterns that begin plainly, a quarter patterns that every call must be held
 * against, a quarter names the call's class; of every hundred one has a condition that is evaluated, and is false.
 */
function mixedRules(count: number): Rule[] {
  return Array.from({ length: count }, (_, n): Rule => {
    const kinds = [
      { servers: [`server-${n}`] },
      { tools: [`thing-${n}-*`] },
      { tools: [`*-thing-${n}-*`] },
      { classes: ['file-write' as const], agents: [`agent-${n}-*`] },
    ];
    const name = `rule-${n}`;
    // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
    if (n % 100 === 99) return { name, when: {}, if: `args.path.startsWith("/etc/${n}/")`, then: 'hold' };
    // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
    return { name, when: kinds[n % 4] ?? {}, then: 'hold' };
  });
}

/** Rules of which every one has a condition that must be evaluated. */
function conditionalRules(count: number): Rule[] {
  return Array.from({ length: count }, (_, n): Rule => {
    const condition = `args.path == "/etc/${n}" && args.size > ${n}`;
    // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
    return { name: `rule-${n}`, when: {}, if: condition, then: 'hold' };
  });
}

/** Microseconds a decision, one value per batch: a single decision is shorter than the clock's grain. */
function measure(made: readonly Rule[]): number[] {
  const rules = compileRules(made);
  const took: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const start = performance.now();
    for (let n = 0; n < BATCH; n++) {
      if (decide({ rules, call }).decision !== 'allow') throw new Error('a rule matched that should not');
    }
    took.push(((performance.now() - start) * 1000) / BATCH);
  }
  return took;
}

const measured = new Map(SIZES.map((count) => [count, measure(mixedRules(count))]));
const figures: Record<string, number> = {};
const raw: Record<string, { readonly median_us: number; readonly p99_us: number }> = {};
for (const [count, took] of measured) {
  raw[`rules_${count}`] = { median_us: rounded(percentile(took, 0.5)), p99_us: rounded(percentile(took, 0.99)) };
  if (count === 1_000) figures['policy.decide_1000_rules_us'] = rounded(percentile(took, 0.5));
}
const CONDITIONS = 100;
const evaluated = measure(conditionalRules(CONDITIONS)).map((took) => took / CONDITIONS);
figures['policy.condition_us'] = rounded(percentile(evaluated, 0.5));
process.stdout.write(`${JSON.stringify({ figures, raw }, null, 2)}\n`);
if (values['dry-run'] !== true) writeResults('policy.', figures, raw);
