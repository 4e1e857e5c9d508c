import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import type { ApprovalContext } from '#lib/contracts/approval-context.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';

type Constraint = ApprovalContext['rules'][number];

const OUTCOMES = {
  true: 'met by these arguments',
  false: 'not met by these arguments',
  error: 'cannot be told for these arguments, which counts as met',
} as const;

/**
 * Every rule that matched, in words, with its condition beside the values it names; and live grants that did not cover the
 * call, with what they would have asked for.
 */
export function HoldingRules({
  record,
  context,
}: {
  readonly record: ApprovalDetail;
  readonly context: ApprovalContext | null;
}) {
  const names = record.matched.length === 0 ? [record.rule] : record.matched;
  return (
    <div className="mt-2.5 border-t pt-2.5">
      <p className="text-ink-3">
        {names.length === 1 ? 'Held by the rule' : `${names.length} rules match; the stricter of each part applies`}
      </p>
      <ul className="mt-1 grid gap-1.5">
        {names.map((name) => {
          const rule = context?.rules.find((one) => one.name === name);
          return (
            <li key={name}>
              <span className="flex items-baseline gap-2">
                <Link href="/policies" className="link target min-w-0 [overflow-wrap:anywhere]">
                  <SafeText text={name} />
                </Link>
                {names.length > 1 && name === record.rule && <span className="text-ink-3 text-xs">decides</span>}
              </span>
              {rule !== undefined && <p className="text-ink-2 text-xs">{rule.sentence}</p>}
              {rule !== undefined && (
                <Condition of={rule} outcome={rule.outcome === null ? null : OUTCOMES[rule.outcome]} />
              )}
            </li>
          );
        })}
      </ul>
      {context !== null && context.grants.length > 0 && (
        <>
          <p className="mt-2.5 text-ink-3">Live grants that did not cover it</p>
          <ul className="mt-1 grid gap-1.5">
            {context.grants.map((grant) => (
              <li key={grant.id}>
                <Link href="/grants" className="link [overflow-wrap:anywhere]">
                  <SafeText text={grant.name} />
                </Link>{' '}
                <span className="text-ink-3 text-xs">
                  {grant.usesLeft === 0 ? 'used up' : `${grant.usesLeft} uses left`}
                </span>
                <Condition of={grant} outcome={grant.outcome === null ? null : grantOutcome(grant.outcome)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function grantOutcome(outcome: NonNullable<Constraint['outcome']>): string {
  return outcome === 'true'
    ? 'met by these arguments; something else kept it from covering them'
    : 'not met by these arguments';
}

/** A condition, what it says of the arguments, and the values it names: what the call is measured against. */
function Condition({
  of,
  outcome,
}: {
  readonly of: Pick<Constraint, 'condition' | 'fields'>;
  readonly outcome: string | null;
}) {
  if (of.condition === null) return null;
  return (
    <div className="mt-1 rounded-md border bg-sunken px-2 py-1 text-xs">
      <SafeText as="code" text={of.condition} className="block" />
      {outcome !== null && <p className="mt-0.5 font-medium text-ink-2">{outcome}</p>}
      {of.fields.length > 0 && (
        <dl className="mt-0.5 grid gap-0.5">
          {of.fields.map((field) => (
            <div key={field.path} className="flex flex-wrap gap-x-2">
              <dt className="text-ink-3">
                <SafeText as="code" text={field.path} />
              </dt>
              <dd className="min-w-0 [overflow-wrap:anywhere]">
                {field.value === null ? (
                  <span className="text-ink-3">not there</span>
                ) : (
                  <SafeText as="code" text={field.value} className="font-semibold" />
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
