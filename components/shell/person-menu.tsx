'use client';

import { type ComponentProps, lazy, Suspense, useState } from 'react';
import { useMe } from '#lib/client/use-me.ts';

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return (
    words
      .slice(0, 2)
      .map((word) => word.charAt(0).toUpperCase())
      .join('') || '?'
  );
}

/** The menu itself comes when it is first opened. */
const Panel = lazy(() => import('./person-panel.tsx'));

/** Who is signed in, the theme, and the way out. */
export function PersonMenu({ onShowKeys }: { readonly onShowKeys: () => void }) {
  const person = useMe().data;
  const [wanted, setWanted] = useState(false);
  const button: ComponentProps<'button'> = {
    type: 'button',
    'aria-label': person === undefined ? 'Your account' : `${initialsOf(person.name)}, account of ${person.name}`,
    className:
      'grid size-8 shrink-0 place-items-center rounded-full border bg-accent-soft font-semibold text-2xs text-accent hover:border-line-strong',
    children: person === undefined ? '' : initialsOf(person.name),
  };
  const closed = <button {...button} aria-haspopup="menu" aria-expanded={false} onClick={() => setWanted(true)} />;
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <Panel person={person} button={button} onShowKeys={onShowKeys} />
    </Suspense>
  );
}
