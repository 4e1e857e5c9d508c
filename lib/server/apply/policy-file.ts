// Server-only. A rule as countersign.yaml writes it, and the same rule as policy versions store it.
import { z } from 'zod';
import { factorSchema } from '#lib/contracts/hold-terms.ts';
import { actionClassSchema, nameSchema, tierSchema } from '#lib/contracts/shared-shapes.ts';
import { compileCondition } from '#lib/core/policies/condition.ts';
import { type Rule, WEEKDAYS } from '#lib/core/policies/rule.ts';

const DAY_S = 86_400;
const END_OF_DAY = 'T23:59:59.000Z';
const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** The seconds of a time such as `10m`; the shape is checked by the schema. */
export function secondsOf(text: string): number {
  return Number(text.slice(0, -1)) * (UNIT_S[text.slice(-1)] ?? Number.NaN);
}

/** The largest unit that loses nothing: what a person would have typed. */
export function timeOf(seconds: number): string {
  if (seconds === 0) return '0s';
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function timeBetween(leastS: number, mostS: number) {
  return z
    .string()
    .regex(/^\d{1,5}[smh]$/, { error: 'a time such as 90s, 10m or 2h', abort: true })
    .refine((text) => secondsOf(text) >= leastS && secondsOf(text) <= mostS, {
      error: `between ${timeOf(leastS)} and ${timeOf(mostS)}`,
    });
}

const patterns = z.array(z.string().min(1).max(200)).min(1).max(100).optional();
const groups = z.array(z.string().min(1).max(64)).min(1).max(20);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "08:30", in quotes');

/** Compiled while the file is read, so that every condition that does not compile is named with its line. */
const condition = z
  .string()
  .min(1)
  .max(2_000)
  .superRefine((source, context) => {
    const compiled = compileCondition(source);
    if (compiled.ok) return;
    const { line, column, message } = compiled.error;
    context.addIssue({ code: 'custom', message: `line ${line}, column ${column} of the condition: ${message}` });
  });

/** One member of `policies`. Unknown members are refused: a typo must not be a condition that never applies. */
export const policyInFileSchema = z.strictObject({
  name: nameSchema,
  description: z.string().max(500).optional(),
  when: z.strictObject({
    agents: patterns,
    servers: patterns,
    tools: patterns,
    tier: z.array(tierSchema).min(1).optional(),
    class: z.array(actionClassSchema).min(1).optional(),
    taint: z.boolean().optional(),
    inspectable: z.boolean().optional(),
    time: z
      .strictObject({
        zone: z.string().min(1).max(64),
        days: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional(),
        from: clock.optional(),
        to: clock.optional(),
      })
      .optional(),
  }),
  if: condition.optional(),
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  then: z.enum(['allow', 'hold', 'deny']),
  frees: z.boolean().optional(),
  quorum: z.number().int().min(1).max(20).optional(),
  from: groups.optional(),
  factors: z.array(factorSchema).min(1).max(5).optional(),
  expires: timeBetween(1, DAY_S).optional(),
  approvedFor: timeBetween(30, DAY_S).optional(),
  voteFor: timeBetween(30, DAY_S).optional(),
  undo: timeBetween(0, 3_600).optional(),
  stepUp: z.literal('passkey').optional(),
  escalate: z
    .array(z.strictObject({ after: timeBetween(1, DAY_S), groups }))
    .min(1)
    .max(5)
    .optional(),
  mode: z.enum(['enforce', 'observe']).optional(),
  observeUntil: z
    .union([z.iso.date(), z.iso.datetime()], { error: 'a date such as 2027-06-30, or a time in UTC' })
    .optional(),
});
export type PolicyInFile = z.infer<typeof policyInFileSchema>;

/** A rule of the file as policy versions store it. `mode: enforce` is what a rule does anyway and is not stored. */
export function ruleOf(policy: PolicyInFile): Rule {
  const { name, description, when, quorum, from, factors, frees, stepUp, escalate, observeUntil } = policy;
  const { agents, servers, tools, tier, class: classes, taint, inspectable, time } = when;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    when: {
      ...(agents === undefined ? {} : { agents }),
      ...(servers === undefined ? {} : { servers }),
      ...(tools === undefined ? {} : { tools }),
      ...(tier === undefined ? {} : { tiers: tier }),
      ...(classes === undefined ? {} : { classes }),
      ...(taint === undefined ? {} : { tainted: taint }),
      ...(inspectable === undefined ? {} : { inspectable }),
      ...(time === undefined ? {} : { time }),
    },
    ...(policy.if === undefined ? {} : { if: policy.if }),
    // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
    then: policy.then,
    ...(frees === undefined ? {} : { frees }),
    ...(quorum === undefined ? {} : { quorum }),
    ...(from === undefined ? {} : { from }),
    ...(factors === undefined ? {} : { factors }),
    ...(policy.expires === undefined ? {} : { expiresInS: secondsOf(policy.expires) }),
    ...(policy.approvedFor === undefined ? {} : { approvedForS: secondsOf(policy.approvedFor) }),
    ...(policy.voteFor === undefined ? {} : { voteTtlS: secondsOf(policy.voteFor) }),
    ...(policy.undo === undefined ? {} : { undoS: secondsOf(policy.undo) }),
    ...(stepUp === undefined ? {} : { stepUp }),
    ...(escalate === undefined
      ? {}
      : { escalate: escalate.map((step) => ({ afterS: secondsOf(step.after), groups: step.groups })) }),
    ...(policy.mode === 'observe' ? { mode: policy.mode } : {}),
    ...(observeUntil === undefined
      ? {}
      : { observeUntil: observeUntil.includes('T') ? observeUntil : `${observeUntil}${END_OF_DAY}` }),
  };
}

/** The reverse of `ruleOf`: applying what this writes gives the same rule. */
export function policyInFileOf(rule: Rule): PolicyInFile {
  const { agents, servers, tools, tiers, classes, tainted, inspectable, time } = rule.when;
  const { observeUntil } = rule;
  const written = {
    name: rule.name,
    description: rule.description,
    when: { agents, servers, tools, tier: tiers, class: classes, taint: tainted, inspectable, time },
    if: rule.if,
    // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
    then: rule.then,
    frees: rule.frees,
    quorum: rule.quorum,
    from: rule.from,
    factors: rule.factors,
    expires: timeOrNone(rule.expiresInS),
    approvedFor: timeOrNone(rule.approvedForS),
    voteFor: timeOrNone(rule.voteTtlS),
    undo: timeOrNone(rule.undoS),
    stepUp: rule.stepUp,
    escalate: rule.escalate?.map((step) => ({ after: timeOf(step.afterS), groups: step.groups })),
    mode: rule.mode === 'observe' ? rule.mode : undefined,
    observeUntil: observeUntil?.endsWith(END_OF_DAY) ? observeUntil.slice(0, -END_OF_DAY.length) : observeUntil,
  };
  return policyInFileSchema.parse(JSON.parse(JSON.stringify(written)));
}

function timeOrNone(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : timeOf(seconds);
}
