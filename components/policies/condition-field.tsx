'use client';

import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/input.tsx';
import { Choices } from './choices.tsx';
import { applySuggestion, type Completion, type ConditionWorld, completeCondition } from './complete-condition.ts';
import { positionIn } from './local-faults.ts';

type ConditionFieldProps = {
  readonly value: string | undefined;
  readonly error: string | null;
  readonly world: ConditionWorld;
  readonly onChange: (source: string | undefined) => void;
};

/** A CEL condition: completes names and values while it is typed, and shows where it cannot be read. */
export function ConditionField({ value = '', error, world, onChange }: ConditionFieldProps) {
  const listId = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [active, setActive] = useState(0);

  const complete = (source: string, caret: number) => {
    setCompletion(completeCondition(source, caret, world));
    setActive(0);
  };
  const pick = (at: number) => {
    const area = box.current;
    const suggestion = completion?.items[at];
    if (area === null || completion === null || suggestion === undefined) return;
    const next = applySuggestion(area.value, area.selectionStart, completion, suggestion);
    // The new text stands before the caret is put: later, a key pressed meanwhile would land at the end of it.
    flushSync(() => {
      onChange(next.source);
      setCompletion(null);
    });
    area.focus();
    area.setSelectionRange(next.caret, next.caret);
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      complete(event.currentTarget.value, event.currentTarget.selectionStart);
      return;
    }
    if (completion === null) return;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault();
        const { length } = completion.items;
        return setActive((at) => (at + (event.key === 'ArrowDown' ? 1 : length - 1)) % length);
      }
      case 'Enter':
        event.preventDefault();
        return pick(active);
      case 'Escape':
      case 'ArrowLeft':
      case 'ArrowRight':
        return setCompletion(null);
    }
  };
  return (
    <Field
      label="And only if"
      optional
      hint={
        <>
          CEL over <code>args</code>, <code>tool</code>, <code>server</code>, <code>agent</code>, <code>session</code>,{' '}
          <code>now</code>. If it fails on a call, hold and deny count it as met, allow as not met.
        </>
      }
      error={error}
    >
      <div className="relative">
        <Textarea
          ref={box}
          rows={2}
          className="font-mono text-xs! leading-relaxed"
          placeholder={'args.environment == "production"'}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          maxLength={2000}
          aria-autocomplete="list"
          {...(completion === null ? {} : { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${active}` })}
          value={value}
          onChange={(event) => {
            const { value: source, selectionStart } = event.target;
            onChange(source === '' ? undefined : source);
            complete(source, selectionStart);
          }}
          onBlur={() => setCompletion(null)}
          onKeyDown={press}
        />
        {completion !== null && (
          <Choices
            id={listId}
            label="Completions"
            active={active}
            choices={completion.items.map(({ label, hint }) => ({ key: label, text: label, hint }))}
            onPick={pick}
          />
        )}
        <p role="status" className="sr-only">
          {completion === null ? '' : `${completion.items.length} completions; arrows choose, Enter takes one.`}
        </p>
      </div>
      {error !== null && <Pointer source={value} sentence={error} />}
    </Field>
  );
}

/** The line that cannot be read, with a mark below the place. */
function Pointer({ source, sentence }: { readonly source: string; readonly sentence: string }) {
  const at = positionIn(sentence);
  const line = at === null ? undefined : source.split('\n')[at.line - 1];
  if (at === null || line === undefined) return null;
  return (
    <pre
      aria-hidden="true"
      className="overflow-x-auto rounded-md border border-high-line bg-high-soft px-2.5 py-1 text-xs leading-tight"
    >
      {`${line}\n${' '.repeat(Math.max(0, at.column - 1))}`}
      <span className="text-high">^</span>
    </pre>
  );
}
