'use client';

import { type FormEvent, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import type { IncidentDetail, IncidentEvent } from '#lib/contracts/incidents.ts';
import { useNoteIncident } from './use-incident.ts';

type StoryProps = { readonly incident: IncidentDetail; readonly bar: string | null };

/** How it went, oldest first, and a place to write what you find. */
export function StoryCard({ incident, bar }: StoryProps) {
  const untold = incident.count - incident.events.filter(isSignal).length;
  return (
    <Card title="Story" flush>
      <ol className="px-3.5 py-1">
        {incident.events.map((event) => (
          <EventRow key={event.id} event={event} drill={incident.drill} />
        ))}
      </ol>
      {untold > 0 && (
        <p className="border-t px-3.5 py-2 text-ink-3 text-xs">
          {`${plural(untold, 'more signal')} came together with these: each stands in the log.`}
        </p>
      )}
      {incident.state !== 'resolved' && <NoteForm id={incident.id} bar={bar} />}
    </Card>
  );
}

const isSignal = ({ kind }: IncidentEvent) => kind === 'opened' || kind === 'signal' || kind === 'reopened';

function EventRow({ event, drill }: { readonly event: IncidentEvent; readonly drill: boolean }) {
  return (
    <li className="relative border-l py-1.5 pl-4 before:absolute before:top-3 before:-left-[0.28125rem] before:size-2 before:rounded-full before:border before:bg-panel before:content-['']">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{wordsOf(event, drill)}</span>
        <When at={event.at} className="text-ink-3 text-xs" />
      </p>
      {event.words !== null && event.kind !== 'opened' && event.kind !== 'log' && (
        <SafeText as="p" text={event.words} multiline className="max-w-[72ch] text-ink-2" />
      )}
    </li>
  );
}

function wordsOf({ kind, by, step, words }: IncidentEvent, drill: boolean): string {
  switch (kind) {
    case 'opened':
      return drill ? `${by} began a drill` : 'Opened';
    case 'signal':
      return 'Seen again';
    case 'reopened':
      return 'Opened again: it came back';
    case 'acknowledged':
      return `${by} took it`;
    case 'step':
      return `${by} did: ${step ?? 'a step'}`;
    case 'log':
      return `${by} ${words ?? ''}`;
    case 'note':
      return `${by} noted`;
    case 'resolved':
      return by === 'countersign' ? 'Resolved by evidence' : `${by} resolved it`;
  }
}

function NoteForm({ id, bar }: { readonly id: string; readonly bar: string | null }) {
  const [words, setWords] = useState('');
  const note = useNoteIncident(id);
  const blocked = bar ?? (words.trim() === '' ? 'Write something first.' : null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || note.busy) return;
    if ((await note.run(words.trim())).ok) setWords('');
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-2 border-t px-3.5 py-3">
      <Field label="Note" hint="For whoever comes after you. It stays as you write it.">
        <Textarea rows={2} maxLength={2000} value={words} onChange={(event) => setWords(event.target.value)} />
      </Field>
      {note.problem !== null && <ProblemNotice problem={note.problem} />}
      <div>
        <Button type="submit" size="sm" busy={note.busy} disabledReason={blocked}>
          Add the note
        </Button>
      </div>
    </form>
  );
}
