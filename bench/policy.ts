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
};

/** A third names other servers, a third is patterns that every call must be held against, a third names the call's class. */
function mixedRules(count: number): Rule[] {
  return Array.from({ length: count }, (_, n): Rule => {
    const kinds = [
      { servers: [`server-${n}`] },
      { tools: [`thing-${n}-*`] },
      { classes: ['file-write' as const], agents: [`agent-${n}-*`] },
    ];
    // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
    return { name: `rule-${n}`, when: kinds[n % 3] ?? {}, then: 'hold' };
  });
}

/** Microseconds a decision, one value per batch: a single decision is shorter than the clock's grain. */
function measure(count: number): number[] {
  const rules = compileRules(mixedRules(count));
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

const measured = new Map(SIZES.map((count) => [count, measure(count)]));
const figures: Record<string, number> = {};
const raw: Record<string, { readonly median_us: number; readonly p99_us: number }> = {};
for (const [count, took] of measured) {
  raw[`rules_${count}`] = { median_us: rounded(percentile(took, 0.5)), p99_us: rounded(percentile(took, 0.99)) };
  if (count === 1_000) figures['policy.decide_1000_rules_us'] = rounded(percentile(took, 0.5));
}
process.stdout.write(`${JSON.stringify({ figures, raw }, null, 2)}\n`);
if (values['dry-run'] !== true) writeResults('policy.', figures, raw);
