'use client';

import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { type ComponentProps, useState, useSyncExternalStore } from 'react';
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
import type { Me } from '#lib/contracts/me.ts';
import { leave } from './leave.ts';
import { applyTheme, isTheme } from './theme.ts';

type PersonPanelProps = {
  readonly person: Me | undefined;
  readonly button: ComponentProps<'button'>;
  readonly onShowKeys: () => void;
};

/** The menu of the person signed in. Loaded when it is first opened, and therefore open from the start. */
export default function PersonPanel({ person, button, onShowKeys }: PersonPanelProps) {
  const [failed, setFailed] = useState(false);
  return (
    <Menu defaultOpen>
      <MenuTrigger {...button} />
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
            void leave().then((left) => setFailed(!left));
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
