'use client';

import { type ComponentProps, createContext, type KeyboardEvent, use, useId, useState } from 'react';
import { cx } from './class-names.ts';

type Chosen = { readonly id: string; readonly value: string; readonly choose: (value: string) => void };
const TabsState = createContext<Chosen>({ id: '', value: '', choose: () => undefined });

type TabsProps = Omit<ComponentProps<'div'>, 'defaultValue'> & {
  readonly value?: string;
  readonly defaultValue?: string;
  readonly onValueChange?: (value: string) => void;
};

/** Tabs and their panels: chosen by themselves, beginning with `defaultValue`, or as `value` says. */
export function Tabs({ value, defaultValue = '', onValueChange, ...rest }: TabsProps) {
  const id = useId();
  const [own, setOwn] = useState(defaultValue);
  const choose = (next: string) => {
    setOwn(next);
    onValueChange?.(next);
  };
  return (
    <TabsState value={{ id, value: value ?? own, choose }}>
      <div {...rest} />
    </TabsState>
  );
}

/** The tab that a key leads to from the one in focus. Only tabs of this row: a panel may hold a row of its own. */
function tabBy(key: string, tabs: readonly HTMLElement[], now: number): HTMLElement | undefined {
  if (key === 'Home') return tabs[0];
  if (key === 'End') return tabs.at(-1);
  if (key === 'ArrowRight') return tabs[(now + 1) % tabs.length];
  if (key === 'ArrowLeft') return tabs.at(now - 1);
  return undefined;
}

/** The row of tabs: one stop of Tab; arrows, Home and End lead through it and choose. Give it an aria-label. */
export function TabList({ className, ...rest }: ComponentProps<'div'>) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')];
    const to = tabBy(
      event.key,
      tabs,
      tabs.findIndex((tab) => tab.matches(':focus')),
    );
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
    to.click();
  };
  return (
    <div
      {...rest}
      role="tablist"
      aria-orientation="horizontal"
      onKeyDown={move}
      className={cx('flex gap-1 overflow-x-auto border-b', className)}
    />
  );
}

type TabProps = Omit<ComponentProps<'button'>, 'value'> & { readonly value: string; readonly count?: number };

/** One tab; a count may follow the word. */
export function Tab({ value, count, className, children, ...rest }: TabProps) {
  const { id, value: chosen, choose } = use(TabsState);
  const isChosen = value === chosen;
  return (
    <button
      {...rest}
      type="button"
      role="tab"
      id={`${id}-tab-${value}`}
      aria-controls={isChosen ? `${id}-panel-${value}` : undefined}
      aria-selected={isChosen}
      tabIndex={isChosen ? 0 : -1}
      onClick={() => choose(value)}
      className={cx(
        '-mb-px flex h-9 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2.5 text-ink-2 text-sm hover:text-ink focus-visible:-outline-offset-2',
        'aria-selected:border-accent aria-selected:font-semibold aria-selected:text-ink',
        className,
      )}
    >
      {children}
      {count !== undefined && <span className="tabular font-normal text-ink-3 text-xs">{count}</span>}
    </button>
  );
}

/** What a tab shows, while it is the chosen one. */
export function TabPanel({ value, ...rest }: ComponentProps<'div'> & { readonly value: string }) {
  const { id, value: chosen } = use(TabsState);
  if (value !== chosen) return null;
  return (
    <div
      {...rest}
      role="tabpanel"
      id={`${id}-panel-${value}`}
      aria-labelledby={`${id}-tab-${value}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the pattern asks for it, a panel may hold nothing that takes focus
      tabIndex={0}
    />
  );
}
