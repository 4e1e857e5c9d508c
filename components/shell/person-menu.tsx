'use client';

import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '#components/ui/dropdown-menu.tsx';
import { signOut } from '#lib/client/sign-in.ts';
import { useMe } from '#lib/client/use-me.ts';
import { applyTheme, isTheme } from './theme.ts';

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return (
    words
      .slice(0, 2)
      .map((word) => word.charAt(0).toUpperCase())
      .join('') || '?'
  );
}

/** Who is signed in, the theme, and the way out. */
export function PersonMenu({ onShowKeys }: { readonly onShowKeys: () => void }) {
  const me = useMe();
  const [failed, setFailed] = useState(false);
  const leave = async () => {
    const answer = await signOut();
    if (answer.ok) window.location.assign('/sign-in');
    else setFailed(true);
  };
  const person = me.data;
  return (
    <Menu>
      <MenuTrigger
        aria-label={person === undefined ? 'Your account' : `${initialsOf(person.name)}, account of ${person.name}`}
        className="grid size-8 shrink-0 place-items-center rounded-full border bg-accent-soft font-semibold text-2xs text-accent hover:border-line-strong"
      >
        {person === undefined ? '' : initialsOf(person.name)}
      </MenuTrigger>
      <MenuContent align="end">
        {person !== undefined && (
          <MenuLabel className="grid gap-0.5">
            <span className="font-semibold text-ink text-sm">{person.name}</span>
            <span className="[overflow-wrap:anywhere]">{person.email}</span>
            <span>{person.roles.join(', ')}</span>
          </MenuLabel>
        )}
        <MenuSeparator />
        <ThemeChoice />
        <MenuSeparator />
        <MenuItem onSelect={onShowKeys}>
          <span aria-hidden="true" className="grid w-4 place-items-center font-semibold text-ink-3">
            ?
          </span>
          Keyboard
        </MenuItem>
        <MenuItem
          onSelect={(event) => {
            event.preventDefault();
            void leave();
          }}
        >
          <LogOut aria-hidden="true" />
          {failed ? 'Sign-out failed, try again' : 'Sign out'}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

function ThemeChoice() {
  const theme = useSyncExternalStore(
    (listener) => {
      const watch = new MutationObserver(listener);
      watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
      return () => watch.disconnect();
    },
    () => document.documentElement.dataset.theme ?? 'system',
    () => 'system',
  );
  return (
    <MenuRadioGroup value={theme} onValueChange={(next) => applyTheme(isTheme(next) ? next : 'system')}>
      <MenuLabel>Theme</MenuLabel>
      <MenuRadioItem value="system" onSelect={(event) => event.preventDefault()}>
        <Monitor aria-hidden="true" /> As the system
      </MenuRadioItem>
      <MenuRadioItem value="light" onSelect={(event) => event.preventDefault()}>
        <Sun aria-hidden="true" /> Light
      </MenuRadioItem>
      <MenuRadioItem value="dark" onSelect={(event) => event.preventDefault()}>
        <Moon aria-hidden="true" /> Dark
      </MenuRadioItem>
    </MenuRadioGroup>
  );
}
