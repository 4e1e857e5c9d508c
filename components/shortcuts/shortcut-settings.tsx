'use client';

import { type KeyboardEvent, useState } from 'react';
import { keepShortcuts, useKeptShortcuts } from '#components/shell/kept-shortcuts.ts';
import { COMMANDS, type Command, chooseKey, isPair, keyOf, refuseKey } from '#components/shell/shortcut-keys.ts';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Kbd } from '#components/ui/kbd.tsx';

const GROUPS = ['Review', 'Anywhere', 'Go to'] as const;

/** Which key does what, and every one of them changed or switched off. Kept in this browser, for the person signed in. */
export function ShortcutSettings() {
  const kept = useKeptShortcuts();
  const changed = Object.keys(kept.chosen).length;
  const [said, setSaid] = useState('');
  return (
    <div className="grid gap-4">
      <Checkbox
        checked={!kept.off}
        onCheckedChange={(on) => keepShortcuts({ ...kept, off: on !== true })}
        label="Single-key shortcuts"
        hint="Switch off if you speak to your computer or a key is pressed by mistake. Kept in this browser, for you alone."
      />
      {!kept.off && (
        <>
          <p className="text-ink-2">
            No single key decides anything: they open, move and mark. What commits is always Ctrl or ⌘ with Enter.
          </p>
          {GROUPS.map((group) => (
            <section key={group} aria-labelledby={`keys-${group}`}>
              <h2 id={`keys-${group}`} className="mb-1 text-2xs text-ink-3">
                {group}
              </h2>
              <ul className="divide-y rounded-lg border">
                {COMMANDS.filter((command) => command.group === group).map((command) => (
                  <KeyRow key={command.key} command={command} onSaid={setSaid} />
                ))}
              </ul>
            </section>
          ))}
          <div className="flex items-center gap-3">
            <Button
              disabledReason={changed === 0 ? 'Every key is as it came.' : null}
              onClick={() => {
                keepShortcuts({ ...kept, chosen: {} });
                setSaid('Every key is as it came.');
              }}
            >
              Reset all keys
            </Button>
            <p role="status" className="text-ink-2">
              {said}
            </p>
          </div>
        </>
      )}
    </div>
  );
}

function KeyRow({ command, onSaid }: { readonly command: Command; readonly onSaid: (text: string) => void }) {
  const kept = useKeptShortcuts();
  const [listening, setListening] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const key = keyOf(kept.chosen, command.key);
  const choose = (next: string | null, said: string) => {
    keepShortcuts({ ...kept, chosen: chooseKey(kept.chosen, command.key, next) });
    setListening(false);
    setRefusal(null);
    onSaid(said);
  };
  const hear = (event: KeyboardEvent) => {
    if (!listening || event.nativeEvent.isComposing) return;
    // Shift alone is on its way to a character; Tab leaves, as everywhere.
    if (event.key === 'Shift' || event.key === 'Tab') return;
    event.preventDefault();
    if (event.key === 'Escape') {
      // Only the listening ends, not the dialog around it.
      event.stopPropagation();
      setListening(false);
      setRefusal(null);
      return;
    }
    const refused =
      event.ctrlKey || event.metaKey || event.altKey
        ? { sentence: 'Choose a key without Ctrl, ⌘ or Alt: those belong to the browser.' }
        : refuseKey(kept.chosen, command.key, event.key);
    if (refused !== null) return setRefusal(refused.sentence);
    const next = isPair(command.key) ? `g ${event.key}` : event.key;
    choose(next, `${command.what}: ${next}.`);
  };
  const backBar = key === command.key ? null : refuseBack(kept.chosen, command.key);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto_auto] items-center gap-x-3 gap-y-1 px-3 py-1.5">
      <span>{command.what}</span>
      <span className="flex gap-1">
        {key === null ? (
          <span className="text-ink-3">off</span>
        ) : (
          key.split(' ').map((part) => (
            <Kbd key={part} always>
              {part}
            </Kbd>
          ))
        )}
      </span>
      <span className="flex flex-wrap justify-end gap-1.5">
        <Button
          size="sm"
          variant={listening ? 'primary' : 'plain'}
          aria-label={listening ? `Press the new key for: ${command.what}` : `Change the key for: ${command.what}`}
          onClick={() => setListening(!listening)}
          onKeyDown={hear}
          onBlur={() => {
            setListening(false);
            setRefusal(null);
          }}
        >
          {listening ? (isPair(command.key) ? 'Press the key after g…' : 'Press a key…') : 'Change'}
        </Button>
        {key !== null && (
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Switch off: ${command.what}`}
            onClick={() => choose(null, `${command.what}: no key.`)}
          >
            Off
          </Button>
        )}
        {key !== command.key && (
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Reset: ${command.what}`}
            disabledReason={backBar}
            onClick={() => choose(command.key, `${command.what}: ${command.key} again.`)}
          >
            Reset
          </Button>
        )}
      </span>
      {refusal !== null && (
        <p role="alert" className="col-span-full font-medium text-high text-xs">
          {refusal}
        </p>
      )}
    </li>
  );
}

/** Why a command cannot have its own key back: another has it now. */
function refuseBack(chosen: Readonly<Record<string, string | null>>, command: string): string | null {
  return refuseKey(chosen, command, isPair(command) ? command.slice(2) : command)?.sentence ?? null;
}
