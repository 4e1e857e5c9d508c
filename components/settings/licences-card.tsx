'use client';

import { useDeferredValue, useState } from 'react';
import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { ScrollBox } from '#components/ui/scroll-box.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { plural } from '#lib/client/format.ts';
import type { Licences } from '#lib/contracts/settings.ts';
import { useLicences } from './use-settings-parts.ts';

/** What the console is built of, and under which licence each part is. */
export function LicencesCard() {
  const query = useLicences();
  return (
    <Card title="Licences of what it is built of">
      <Loaded query={query} skeleton={<Skeleton className="h-56" />}>
        {(licences) =>
          licences.built ? (
            <LicenceList licences={licences} />
          ) : (
            <p className="text-ink-2">
              The list is written by a build: run <code>npm start</code> once. This is a development server.
            </p>
          )
        }
      </Loaded>
    </Card>
  );
}

function LicenceList({ licences }: { readonly licences: Licences }) {
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed).toLowerCase();
  const shown = licences.items.filter(
    (item) => item.name.toLowerCase().includes(text) || item.licence.toLowerCase().includes(text),
  );
  return (
    <div className="grid gap-3">
      <p className="text-ink-2">{kindsSentence(licences)}</p>
      <Field label="Find a package or a licence">
        <Input
          type="search"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      <p role="status" className="sr-only">
        {plural(shown.length, 'package')} shown
      </p>
      <ScrollBox label="Packages" className="max-h-72 rounded-md border">
        <ul className="text-xs">
          {shown.map((item) => (
            <li
              key={`${item.name}@${item.version}`}
              className="flex flex-wrap gap-x-3 border-b px-2.5 py-1 last:border-b-0"
            >
              <span className="min-w-0 flex-1 basis-40 [overflow-wrap:anywhere]">
                {item.name} <span className="tabular text-ink-3">{item.version}</span>
              </span>
              <span className="text-ink-2">{item.licence}</span>
            </li>
          ))}
          {shown.length === 0 && <li className="px-2.5 py-2 text-ink-3">Nothing of that name.</li>}
        </ul>
      </ScrollBox>
    </div>
  );
}

/** `312 packages: 260 MIT, 30 Apache-2.0, 12 ISC and 10 others.` */
function kindsSentence({ items }: Licences): string {
  const counts = new Map<string, number>();
  for (const { licence } of items) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 4);
  const named = most.reduce((sum, [, count]) => sum + count, 0);
  const rest = items.length - named;
  const list = most.map(([licence, count]) => `${count} ${licence}`).join(', ');
  return `${plural(items.length, 'package')}: ${list}${rest > 0 ? ` and ${rest} under others` : ''}. Their texts lie beside them in node_modules.`;
}
