'use client';

import { Checkbox } from '#components/ui/checkbox.tsx';
import { NOTICE_KINDS, type NoticeKind } from '#lib/core/notifications/kinds.ts';
import { NOTICE_WORDS } from './notice-words.ts';

type Props = { readonly value: readonly NoticeKind[]; readonly onChange: (kinds: NoticeKind[]) => void };

/** What goes through a channel; for web push and e-mail: what people may choose from. */
export function KindsField({ value, onChange }: Props) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-ink-2 text-xs">What goes there</legend>
      <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
        {NOTICE_KINDS.map((kind) => (
          <Checkbox
            key={kind}
            label={NOTICE_WORDS[kind].word}
            checked={value.includes(kind)}
            onCheckedChange={(on) =>
              onChange(NOTICE_KINDS.filter((one) => (one === kind ? on === true : value.includes(one))))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
