'use client';

import { CircleCheck, CircleDashed, CircleX, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { plural } from '#lib/client/format.ts';
import { MOST_POLICY_TESTS } from '#lib/contracts/policy-tests.ts';
import type { PolicyTest, TestOutcome } from '#lib/core/policies/policy-test.ts';
import { effectWord } from './effect-badge.tsx';
import { TestDialog } from './test-dialog.tsx';
import { usePolicyTests, useRemovePolicyTest } from './use-policy-tests.ts';
import type { Registry } from './use-registry.ts';

type Props = {
  /** What came of the tests by the rules as they stand; null = they cannot be judged now. */
  readonly outcomes: readonly TestOutcome[] | null;
  /** What came is of rules that were changed since. */
  readonly behind: boolean;
  readonly registry: Registry;
};
type Asked =
  | { readonly kind: 'save'; readonly test: PolicyTest | null }
  | { readonly kind: 'remove'; readonly name: string };

/** Beside the editor: the installation's tests, and what comes of each by the rules as they stand. */
export function TestsCard({ outcomes, behind, registry }: Props) {
  const query = usePolicyTests();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  return (
    <Card title="Tests" aside={behind && outcomes !== null ? 'testing…' : undefined}>
      <div className="grid gap-3">
        <Loaded query={query} skeleton={<Skeleton className="h-10" />}>
          {({ items }) => (
            <>
              <p role="status" className="text-ink-2">
                {summaryOf(items.length, outcomes)}
              </p>
              {items.length > 0 && (
                <ul aria-label="Policy tests" className="grid gap-2.5">
                  {items.map((test) => (
                    <TestLine
                      key={test.name}
                      test={test}
                      outcome={outcomes?.find(({ name }) => name === test.name)}
                      onEdit={() => setAsked({ kind: 'save', test })}
                      onRemove={() => setAsked({ kind: 'remove', name: test.name })}
                    />
                  ))}
                </ul>
              )}
              <div>
                <Button
                  size="sm"
                  disabledReason={items.length < MOST_POLICY_TESTS ? null : `${MOST_POLICY_TESTS} tests are the most.`}
                  onClick={() => setAsked({ kind: 'save', test: null })}
                >
                  <Plus aria-hidden="true" className="size-3.5" />
                  Add a test
                </Button>
              </div>
            </>
          )}
        </Loaded>
      </div>
      <TestDialog
        open={asked?.kind === 'save'}
        test={asked?.kind === 'save' ? asked.test : null}
        registry={registry}
        onClose={close}
      />
      <RemoveDialog name={asked?.kind === 'remove' ? asked.name : null} onClose={close} />
    </Card>
  );
}

function summaryOf(count: number, outcomes: Props['outcomes']): string {
  if (count === 0) return 'A test is a call with what must come of it. There is none yet.';
  if (outcomes === null) return `${plural(count, 'test')}, judged as soon as the rules can be read.`;
  const failing = outcomes.filter(({ passed }) => !passed).length;
  return failing === 0
    ? 'By these rules every test passes.'
    : `By these rules ${failing} of ${plural(outcomes.length, 'test')} ${failing === 1 ? 'fails' : 'fail'}.`;
}

type LineProps = {
  readonly test: PolicyTest;
  readonly outcome: TestOutcome | undefined;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
};

function TestLine({ test, outcome, onEdit, onRemove }: LineProps) {
  const { word, tone, Icon } = outcome === undefined ? MARKS.waiting : outcome.passed ? MARKS.passed : MARKS.failed;
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden="true" className={`mt-0.5 size-3.5 shrink-0 ${tone}`} />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <p>
          <span className={`font-semibold ${tone}`}>{word}</span>
          {': '}
          <SafeText text={test.name} className="font-mono text-xs" />
        </p>
        <p className="text-ink-2 text-xs">
          <SafeText text={`${test.call.agent} calls ${test.call.server}__${test.call.tool}`} />
          {`: ${wordsOf(test.expect.decision, test.expect.quorum ?? null, 'at least ')} must come`}
        </p>
        {outcome !== undefined && (
          <p className="text-ink-3 text-xs">
            {`${wordsOf(outcome.decision, outcome.quorum, '')} came, by `}
            <SafeText text={outcome.rule} className="font-mono" />
            {!outcome.known && '. The registry has no such tool.'}
          </p>
        )}
      </div>
      <IconButton label={`Edit test ${test.name}`} onClick={onEdit}>
        <Pencil aria-hidden="true" />
      </IconButton>
      <IconButton label={`Remove test ${test.name}`} onClick={onRemove}>
        <Trash2 aria-hidden="true" />
      </IconButton>
    </li>
  );
}

const MARKS = {
  passed: { word: 'Passes', tone: 'text-low', Icon: CircleCheck },
  failed: { word: 'Fails', tone: 'text-high', Icon: CircleX },
  waiting: { word: 'Not judged', tone: 'text-ink-3', Icon: CircleDashed },
} as const;

function wordsOf(decision: TestOutcome['decision'], quorum: number | null, least: string): string {
  return quorum === null
    ? effectWord(decision)
    : `${effectWord(decision)} by ${least}${plural(quorum, 'person', 'people')}`;
}

function RemoveDialog({ name, onClose }: { readonly name: string | null; readonly onClose: () => void }) {
  const remove = useRemovePolicyTest(name ?? '');
  return (
    <ConfirmDialog
      open={name !== null}
      onOpenChange={(shown) => {
        if (shown) return;
        remove.reset();
        onClose();
      }}
      title={`Remove the test ${name ?? ''}?`}
      consequence="No draft is held against it any more. The log keeps that you removed it."
      confirmWord="Remove"
      tone="danger"
      busy={remove.busy}
      problem={remove.problem}
      onConfirm={async () => {
        const answer = await remove.run(undefined);
        if (answer.ok) onClose();
      }}
    />
  );
}
