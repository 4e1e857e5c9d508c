'use client';

import { type RefObject, useEffect, useImperativeHandle, useMemo, useRef } from 'react';
import type { InboxItem } from './arrange-inbox.ts';
import { InboxRow } from './inbox-row.tsx';
import { SelectBox } from './select-box.tsx';
import { useLineWindow } from './use-line-window.ts';
import type { Selection } from './use-selection.ts';

const HEADING_PX = 34;
const ROW_PX = 76;

export type InboxListHandle = { readonly focusRow: (id: string) => void };
type InboxListProps = {
  readonly items: readonly InboxItem[];
  readonly label: string;
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
  readonly onCursor: (id: string) => void;
  /** Called when the last lines come into view. */
  readonly onEnd: () => void;
  readonly handle: RefObject<InboxListHandle | null>;
  /** Where requests can be selected for a batch; null = nothing here can be decided. */
  readonly selection: Selection | null;
};

/** The lines of the inbox, of which only those in view exist in the document: a thousand are as quick as ten. */
export function InboxList({ items, label, openId, onOpen, onCursor, onEnd, handle, selection }: InboxListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const heights = useMemo(() => items.map((item) => (item.kind === 'heading' ? HEADING_PX : ROW_PX)), [items]);
  const { range, offsets, totalPx, show } = useLineWindow(scroller, heights);
  useImperativeHandle(handle, () => ({
    focusRow: (id) => {
      const at = items.findIndex((item) => item.id === id);
      if (at === -1) return;
      show(at);
      scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
    },
  }));
  const atEnd = range.to >= items.length - 2;
  useEffect(() => {
    if (atEnd) onEnd();
  }, [atEnd, onEnd]);
  return (
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-auto max-desk:max-h-[calc(100dvh-13rem)] max-desk:min-h-64"
    >
      <ul aria-label={label} className="relative" style={{ height: totalPx }}>
        {items.slice(range.from, range.to).map((item, nth) => {
          const index = range.from + nth;
          return (
            <li
              key={item.id}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0"
              style={{ height: heights[index], transform: `translateY(${offsets[index] ?? 0}px)` }}
            >
              {item.kind === 'heading' ? (
                <h2 className="flex h-full items-end justify-between gap-3 border-b px-4 pb-1.5 font-medium text-2xs text-ink-3">
                  <span>{item.text}</span>
                  <span className="font-normal">{item.aside}</span>
                </h2>
              ) : (
                <>
                  <InboxRow
                    row={item.row}
                    gone={item.gone}
                    open={item.id === openId}
                    onOpen={onOpen}
                    onFocus={onCursor}
                  />
                  {selection !== null && !item.gone && (
                    <SelectBox
                      row={item.row}
                      checked={selection.has(item.id)}
                      onToggle={() => selection.toggle(item.row)}
                    />
                  )}
                </>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
