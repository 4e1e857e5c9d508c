'use client';

import {
  cloneElement,
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';

/** A hint comes after a moment of rest, and stays long enough for the pointer to move onto it (WCAG 1.4.13). */
const OPEN_MS = 350;
const CLOSE_MS = 120;
const GAP = 6;
const MARGIN = 8;

type Heard = {
  readonly 'aria-describedby'?: string | undefined;
  readonly onPointerEnter?: ((event: PointerEvent<HTMLElement>) => void) | undefined;
  readonly onPointerLeave?: ((event: PointerEvent<HTMLElement>) => void) | undefined;
  readonly onPointerDown?: ((event: PointerEvent<HTMLElement>) => void) | undefined;
  readonly onFocus?: ((event: FocusEvent<HTMLElement>) => void) | undefined;
  readonly onBlur?: ((event: FocusEvent<HTMLElement>) => void) | undefined;
  readonly onKeyDown?: ((event: KeyboardEvent<HTMLElement>) => void) | undefined;
};

/**
 * A hint on hover and focus. Never the only place where something is said. Ours, because the library's carries a layout
 * engine of 20 KB into every page for a line of text. Without a text it is silent, and what it stands around stays the
 * same element, so that a button which gets a reason, or loses it, keeps the focus.
 */
export function Tooltip({ text, children }: { readonly text: ReactNode; readonly children: ReactElement<Heard> }) {
  const id = useId();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const silent = text === null || text === undefined;
  const later = (next: HTMLElement | null, afterMs: number) => {
    clearTimeout(timer.current);
    if (silent && next !== null) return;
    timer.current = setTimeout(() => setAnchor(next), afterMs);
  };
  const close = () => {
    clearTimeout(timer.current);
    setAnchor(null);
  };
  const of = children.props;
  return (
    <>
      {cloneElement(children, {
        'aria-describedby': of['aria-describedby'] ?? (anchor === null || silent ? undefined : id),
        onPointerEnter: (event) => {
          of.onPointerEnter?.(event);
          if (event.pointerType !== 'touch') later(event.currentTarget, OPEN_MS);
        },
        onPointerLeave: (event) => {
          of.onPointerLeave?.(event);
          later(null, CLOSE_MS);
        },
        onPointerDown: (event) => {
          of.onPointerDown?.(event);
          close();
        },
        onFocus: (event) => {
          of.onFocus?.(event);
          if (event.currentTarget.matches(':focus-visible')) later(event.currentTarget, 0);
        },
        onBlur: (event) => {
          of.onBlur?.(event);
          close();
        },
        onKeyDown: (event) => {
          of.onKeyDown?.(event);
          if (event.key === 'Escape') close();
        },
      })}
      {anchor !== null &&
        !silent &&
        createPortal(
          <Bubble
            id={id}
            anchor={anchor}
            onEnter={() => clearTimeout(timer.current)}
            onLeave={() => later(null, CLOSE_MS)}
            onDismiss={close}
          >
            {text}
          </Bubble>,
          document.body,
        )}
    </>
  );
}

type BubbleProps = {
  readonly id: string;
  readonly anchor: HTMLElement;
  readonly onEnter: () => void;
  readonly onLeave: () => void;
  readonly onDismiss: () => void;
  readonly children: ReactNode;
};

function Bubble({ id, anchor, onEnter, onLeave, onDismiss, children }: BubbleProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const at = anchor.getBoundingClientRect();
    const { width, height } = box.current.getBoundingClientRect();
    const above = at.top - height - GAP;
    const left = Math.max(MARGIN, Math.min(window.innerWidth - width - MARGIN, at.left + at.width / 2 - width / 2));
    box.current.style.left = `${left}px`;
    box.current.style.top = `${above >= MARGIN ? above : at.bottom + GAP}px`;
  }, [anchor]);
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => event.key === 'Escape' && onDismiss();
    // It stands where its button stood: when that moves or goes, the hint goes.
    document.addEventListener('keydown', press);
    window.addEventListener('scroll', onDismiss, true);
    return () => {
      document.removeEventListener('keydown', press);
      window.removeEventListener('scroll', onDismiss, true);
    };
  });
  return (
    <div
      ref={box}
      id={id}
      role="tooltip"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      className="forced-border fixed z-50 max-w-72 animate-fade rounded-md bg-ink px-2 py-1 text-ground text-xs shadow-lift"
    >
      {children}
    </div>
  );
}
