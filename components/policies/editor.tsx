'use client';

import { Plus, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useReducer, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { formatClock } from '#lib/client/time.ts';
import type { Decision, Rule } from '#lib/core/policies/rule.ts';
import { CheckPanel } from './check-panel.tsx';
import { draftOf, editDraft, rulesOf } from './draft-lines.ts';
import { effectWord } from './effect-badge.tsx';
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts';
import { LeaveGuard } from './leave-guard.tsx';
import { LineItem } from './line-item.tsx';
import { compact, faultsOf, localFaults } from './local-faults.ts';
import { RulesText } from './rules-text.tsx';
import { SimulatePanel } from './simulate-panel.tsx';
import { useChangeDraft, useCheck, useCreateDraft } from './use-policies.ts';
import { useRegistry } from './use-registry.ts';
import { useSettled } from './use-settled.ts';

/** Where the rules come from: a version to start from, or a stored draft to go on with. */
export type EditorSource = {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly note: string;
  readonly baseVersion: number;
  readonly stored: number | null;
};
const CHECK_AFTER_MS = 400;
/** Below everything else, and with a dialog of its own: the rules are not kept waiting by it. */
const testsCard = arriving(() => import('./tests-card.tsx').then((file) => file.TestsCard), 'at-rest');
/** A rule to begin with: the console can only warn of what no parser reads, this asks for a second pair of eyes. */
const UNREADABLE: Rule = {
  name: 'two-people-for-unreadable',
  description: 'Commands, statements and encodings that no parser could read.',
  when: { inspectable: false },
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  then: 'hold',
  quorum: 2,
};
const ADDED: readonly Decision[] = ['hold', 'deny', 'allow'];

/** The rules of a draft being written; nothing here takes effect. */
export function Editor({ source, inForce }: { readonly source: EditorSource; readonly inForce: number }) {
  const router = useRouter();
  const [draft, dispatch] = useReducer(editDraft, source.rules, draftOf);
  const [note, setNote] = useState(source.note);
  const [stored, setStored] = useState(source.stored);
  // What it was opened on stays what it is compared with, also when somebody publishes meanwhile.
  const [baseVersion] = useState(source.baseVersion);
  const [view, setView] = useState<'form' | 'text'>('form');
  const rules = rulesOf(draft);
  const content = JSON.stringify({ rules, note });
  const [savedContent, setSavedContent] = useState(() => JSON.stringify({ rules: source.rules, note: source.note }));
  const dirty = content !== savedContent;

  const local = useMemo(() => localFaults(draft.lines), [draft.lines]);
  const settled = useSettled(draft.lines, CHECK_AFTER_MS);
  const asked = useMemo(
    () => (localFaults(settled).length === 0 ? compact(settled.map((line) => line.rule)) : null),
    [settled],
  );
  // What stands there now, for the simulation: a click must not run the rules of half a second ago.
  const current = useMemo(
    () => (local.length === 0 ? compact(draft.lines.map((line) => line.rule)) : []),
    [draft.lines, local],
  );
  const check = useCheck(baseVersion, asked);
  const behind = settled !== draft.lines || check.isFetching;
  const faults = [...local, ...faultsOf(check.data?.findings ?? [], draft.lines)];
  const registry = useRegistry();
  const Tests = useArrived(testsCard);

  const create = useCreateDraft(baseVersion);
  const change = useChangeDraft();
  const place = stored === null ? source.name : `draft ${stored}`;
  const kept = useKeptDraft(place, dirty, { rules, note });

  const save = async (): Promise<number | null> => {
    const body = { rules: compact(rules), note: note.trim() };
    const answer = stored === null ? await create.run(body) : await change.run({ version: stored, ...body });
    if (!answer.ok) return null;
    forgetDraft(place);
    setSavedContent(content);
    setStored(answer.value.version);
    // The address now names the draft; the page must not be built anew under the hands of whoever writes.
    window.history.replaceState(null, '', `/policies/edit?draft=${answer.value.version}`);
    return answer.value.version;
  };
  const review = async () => {
    const version = stored !== null && !dirty ? stored : await save();
    if (version !== null) router.push(`/policies/${version}`);
  };
  const blocked = local.length > 0 ? 'Fill in what is marked first.' : null;
  const busy = create.busy || change.busy;
  const problem = create.problem ?? change.problem;

  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="grid min-w-0 gap-4">
        {kept.found !== null && (
          <Notice
            title={`You left changes here unsaved at ${formatClock(kept.found.at)}`}
            action={
              <span className="flex gap-2">
                <Button size="sm" onClick={kept.forget}>
                  Forget them
                </Button>
                <Button
                  size="sm"
                  variant="primary"
                  onClick={() => {
                    if (kept.found === null) return;
                    dispatch({ kind: 'load', rules: kept.found.rules });
                    setNote(kept.found.note);
                    kept.forget();
                  }}
                >
                  Bring them back
                </Button>
              </span>
            }
          />
        )}
        {inForce !== baseVersion && (
          <Notice tone="warning" role="status" title={`Version ${inForce} was published meanwhile`}>
            This draft was written against another version, so it cannot be published. Save it, then use it as a new
            draft: its page leads there.
          </Notice>
        )}
        <Card
          title="Rules"
          flush
          aside={
            <Segmented
              label="How the rules are shown"
              value={view}
              onChange={setView}
              options={[
                { value: 'form', text: 'Form' },
                { value: 'text', text: 'As text' },
              ]}
            />
          }
        >
          {view === 'text' ? (
            <div className="p-3.5">
              <RulesText rules={rules} />
            </div>
          ) : (
            <>
              {draft.lines.length === 0 ? (
                <EmptyState title="No rule yet" className="py-8">
                  Without rules only the tiers decide.
                </EmptyState>
              ) : (
                <ol>
                  {draft.lines.map((line) => (
                    <LineItem
                      key={line.key}
                      line={line}
                      open={draft.openKey === line.key}
                      faults={faults.filter((fault) => fault.key === line.key)}
                      registry={registry}
                      dispatch={dispatch}
                    />
                  ))}
                </ol>
              )}
              <div role="status" className="empty:hidden">
                {draft.removed !== null && (
                  <p className="flex flex-wrap items-center gap-2 border-t bg-sunken px-3.5 py-2 text-ink-2">
                    {`${draft.removed.line.rule.name} is deleted.`}
                    <Button size="sm" onClick={() => dispatch({ kind: 'bring-back' })}>
                      <Undo2 aria-hidden="true" className="size-3.5" />
                      Undo
                    </Button>
                  </p>
                )}
              </div>
              <div className="flex flex-wrap gap-2 border-t px-3.5 py-3">
                {ADDED.map((decision) => (
                  <Button key={decision} size="sm" onClick={() => dispatch({ kind: 'add', decision })}>
                    <Plus aria-hidden="true" className="size-3.5" />
                    {`${effectWord(decision)} rule`}
                  </Button>
                ))}
                <Button size="sm" variant="ghost" onClick={() => dispatch({ kind: 'add-like', rule: UNREADABLE })}>
                  <Plus aria-hidden="true" className="size-3.5" />
                  Hold what cannot be inspected
                </Button>
              </div>
            </>
          )}
        </Card>
        <SimulatePanel of={{ rules: current }} blocked={blocked} />
      </div>
      <div className="grid gap-4 lg:sticky lg:top-4">
        <Card title="This draft" aside={dirty ? 'unsaved changes' : stored === null ? 'not saved yet' : 'saved'}>
          <div className="grid gap-3">
            <Field label="What changes, in a few words" optional hint="Shown to whoever approves it, and kept.">
              <Input
                value={note}
                maxLength={500}
                autoComplete="off"
                onChange={(event) => setNote(event.target.value)}
              />
            </Field>
            {problem !== null && <ProblemNotice problem={problem} />}
            <div className="flex flex-wrap gap-2 [&>*]:flex-1">
              <Button
                busy={busy}
                disabledReason={blocked ?? (dirty || stored === null ? null : 'Everything is saved.')}
                onClick={() => void save()}
              >
                Save draft
              </Button>
              <Button variant="primary" busy={busy} disabledReason={blocked} onClick={() => void review()}>
                Review and publish…
              </Button>
            </div>
          </div>
        </Card>
        <CheckPanel query={check} local={local} behind={behind} />
        {Tests === null ? (
          <Skeleton card className="h-28" />
        ) : (
          <Tests outcomes={local.length > 0 ? null : (check.data?.tests ?? null)} behind={behind} registry={registry} />
        )}
      </div>
      <LeaveGuard dirty={dirty} onLeave={() => forgetDraft(place)} />
    </div>
  );
}

/** Keeps what is unsaved in the tab, and finds what an earlier visit left there. */
function useKeptDraft(place: string, dirty: boolean, now: { readonly rules: readonly Rule[]; readonly note: string }) {
  const [found, setFound] = useState<ReturnType<typeof keptDraft>>(null);
  const [first] = useState(place);
  // Only the browser has it, so the first rendering knows nothing of it.
  useEffect(() => setFound(keptDraft(first)), [first]);
  const text = JSON.stringify(now);
  useEffect(() => {
    if (dirty) keepDraft(place, { ...JSON.parse(text), at: new Date().toISOString() });
  }, [place, dirty, text]);
  const forget = () => {
    if (!dirty) forgetDraft(place);
    setFound(null);
  };
  return { found, forget };
}
