import type { z } from 'zod';
import { policyTestSchema } from '#lib/contracts/policy-tests.ts';
import type { PolicyTest } from '#lib/core/policies/policy-test.ts';

/** A policy test as the fields of the dialog hold it; '' = left out. */
export type TestFields = {
  readonly name: string;
  readonly agent: string;
  readonly server: string;
  readonly tool: string;
  readonly tier: string;
  readonly actionClass: string;
  readonly args: string;
  readonly tainted: boolean;
  readonly at: string;
  readonly decision: string;
  readonly quorum: string;
};
export type TestFaults = Readonly<Partial<Record<keyof TestFields, string>>>;

export const EMPTY_TEST: TestFields = {
  name: '',
  agent: '',
  server: '',
  tool: '',
  tier: '',
  actionClass: '',
  args: '{}',
  tainted: false,
  at: '',
  decision: 'hold',
  quorum: '',
};

/** The fields of a test that is there. */
export function fieldsOf({ name, call, expect }: PolicyTest): TestFields {
  return {
    name,
    agent: call.agent,
    server: call.server,
    tool: call.tool,
    tier: call.tier ?? '',
    actionClass: call.actionClass ?? '',
    args: JSON.stringify(call.args, null, 2),
    tainted: call.tainted ?? false,
    at: call.at ?? '',
    decision: expect.decision,
    quorum: expect.quorum === undefined ? '' : String(expect.quorum),
  };
}

/** The test that the fields amount to, or what is wrong with which of them. */
export function testFrom(
  fields: TestFields,
): { readonly test: PolicyTest; readonly faults: null } | { readonly test: null; readonly faults: TestFaults } {
  const args = readArgs(fields.args);
  const parsed = policyTestSchema.safeParse({
    name: fields.name.trim(),
    call: {
      agent: fields.agent.trim(),
      server: fields.server.trim(),
      tool: fields.tool.trim(),
      ...(fields.tier === '' ? {} : { tier: fields.tier }),
      ...(fields.actionClass === '' ? {} : { actionClass: fields.actionClass }),
      args: args.value,
      ...(fields.tainted ? { tainted: true } : {}),
      ...(fields.at.trim() === '' ? {} : { at: fields.at.trim() }),
    },
    expect: {
      decision: fields.decision,
      ...(fields.decision === 'hold' && fields.quorum !== '' ? { quorum: Number(fields.quorum) } : {}),
    },
  });
  if (parsed.success && args.fault === null) return { test: parsed.data, faults: null };
  const found = parsed.success ? {} : faultsOf(parsed.error.issues);
  return { test: null, faults: { ...found, ...(args.fault === null ? {} : { args: args.fault }) } };
}

const SENTENCES: TestFaults = {
  name: 'Lower-case letters, digits and inner hyphens, at most 32 characters.',
  agent: 'Name the agent.',
  server: 'Name the server.',
  tool: 'Name the tool.',
  at: 'A time such as 2026-11-23T22:30:00Z, or nothing.',
  quorum: 'A whole number from 1 to 20.',
};
const FIELDS: ReadonlyMap<PropertyKey, keyof TestFields> = new Map(
  (['name', 'agent', 'server', 'tool', 'tier', 'actionClass', 'args', 'at', 'decision', 'quorum'] as const).map(
    (field) => [field, field],
  ),
);

function faultsOf(issues: readonly z.core.$ZodIssue[]): TestFaults {
  const faults: Partial<Record<keyof TestFields, string>> = {};
  for (const issue of issues) {
    const field = issue.path.map((part) => FIELDS.get(part)).find((one) => one !== undefined);
    if (field !== undefined) faults[field] ??= SENTENCES[field] ?? `${issue.message}.`;
  }
  return faults;
}

/** The arguments as JSON. What is wrong is said in our words: the browser's own differ and quote what was written. */
function readArgs(text: string): { readonly value: unknown; readonly fault: string | null } {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return { value, fault: isObject ? null : 'Arguments are a JSON object, such as {"amount": 120}.' };
  } catch {
    return {
      value: {},
      fault: 'This is no JSON. Names and texts stand in double quotes, and nothing follows the last comma.',
    };
  }
}
