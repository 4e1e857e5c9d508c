'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cx } from '#components/ui/class-names.ts';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { type Preferences, type PreferencesInput, preferencesInputSchema } from '#lib/contracts/preferences.ts';
import { NOTICE_KINDS, PERSONAL_CHANNELS, type PersonalChannel } from '#lib/core/notifications/kinds.ts';
import { CHANNEL_WORDS, NOTICE_WORDS } from './notice-words.ts';
import { QuietHoursFields } from './quiet-hours-fields.tsx';
import { useSavePreferences } from './use-preferences.ts';

function inputOf({ chosen, quietHours, highBreaksThrough }: PreferencesInput): PreferencesInput {
  return { chosen, quietHours, highBreaksThrough };
}

/** The choices of one person, changed together and saved together. */
export function PreferencesForm({ saved }: { readonly saved: Preferences }) {
  const save = useSavePreferences();
  const [draft, setDraft] = useState<PreferencesInput | null>(null);
  const now = draft ?? inputOf(saved);
  const isChanged = draft !== null && JSON.stringify(draft) !== JSON.stringify(inputOf(saved));
  const parsed = preferencesInputSchema.safeParse(now);
  const bar = !isChanged
    ? 'Nothing is changed yet.'
    : parsed.success
      ? null
      : 'Say from when to when, on at least one day, and in which time zone.';
  const send = async () => {
    const answer = await save.run(now);
    if (answer.ok) setDraft(null);
  };
  const change = (part: Partial<PreferencesInput>) => setDraft({ ...now, ...part });
  return (
    <div className="grid gap-4">
      <Card title="What you are told of" flush>
        <ChoiceTable saved={saved} value={now.chosen} onChange={(chosen) => change({ chosen })} />
        <p className="border-t px-3.5 py-2.5 text-ink-3 text-xs">
          Only of requests that you may decide. E-mail goes to {saved.email.address}.{' '}
          {saved.onCallFor.length > 0 && (
            <b className="font-semibold text-ink-2">
              You are on call for {saved.onCallFor.map((group) => (group === '*' ? 'everybody' : group)).join(', ')}:
              for those you are always told.
            </b>
          )}
        </p>
      </Card>
      <Card title="Quiet hours">
        <QuietHoursFields
          value={now.quietHours}
          highBreaksThrough={now.highBreaksThrough}
          onChange={(quietHours) => change({ quietHours })}
          onBreakThrough={(highBreaksThrough) => change({ highBreaksThrough })}
        />
      </Card>
      {/* It follows the reader only while there is something to save: else it would hide what they read. */}
      <div
        className={cx(
          'z-10 flex flex-wrap items-center gap-3 rounded-lg border bg-panel px-3.5 py-2.5',
          isChanged && 'sticky bottom-16 desk:bottom-3',
        )}
      >
        <Button variant="primary" busy={save.busy} disabledReason={bar} onClick={() => void send()}>
          Save
        </Button>
        {isChanged && (
          <Button variant="ghost" onClick={() => setDraft(null)}>
            Undo changes
          </Button>
        )}
        <p role="status" className="text-ink-2">
          {isChanged ? 'Not saved yet.' : save.answer !== undefined ? 'Saved.' : ''}
        </p>
      </div>
      {save.problem !== null && <ProblemNotice problem={save.problem} />}
    </div>
  );
}

type Chosen = PreferencesInput['chosen'];
type ChoiceProps = { readonly saved: Preferences; readonly value: Chosen; readonly onChange: (value: Chosen) => void };

function ChoiceTable({ saved, value, onChange }: ChoiceProps) {
  const has: Readonly<Record<PersonalChannel, boolean>> = {
    'web-push': saved.webPush.available,
    email: saved.email.available,
  };
  return (
    <Table caption="What you are told of">
      <thead>
        <tr>
          <Th>Of</Th>
          {PERSONAL_CHANNELS.map((channel) => (
            <Th key={channel} className="w-20 text-center sm:w-28">
              {CHANNEL_WORDS[channel]}
              {!has[channel] && <span className="block font-normal">no channel</span>}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {NOTICE_KINDS.map((kind) => (
          <Tr key={kind}>
            <Td>
              <span className="font-medium">{NOTICE_WORDS[kind].word}</span>
              <span className="block text-ink-3 text-xs">{NOTICE_WORDS[kind].hint}</span>
            </Td>
            {PERSONAL_CHANNELS.map((channel) => (
              <Td key={channel}>
                <Checkbox
                  className="justify-center"
                  label={<span className="sr-only">{`${NOTICE_WORDS[kind].word} by ${CHANNEL_WORDS[channel]}`}</span>}
                  checked={value[channel][kind]}
                  onCheckedChange={(on) =>
                    onChange({ ...value, [channel]: { ...value[channel], [kind]: on === true } })
                  }
                />
              </Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
