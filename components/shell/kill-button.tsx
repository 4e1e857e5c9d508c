'use client';

import { OctagonX } from 'lucide-react';
import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { cx } from '#components/ui/class-names.ts';
import { useHasRole } from '#lib/client/use-me.ts';
import { useAriaKey } from './key-hint.tsx';
import { useKillSwitch } from './kill-state.ts';

/** The first of two clicks, always in the header. While the scope is on it leads to what can be done about it. */
export function KillButton({ onPress }: { readonly onPress: () => void }) {
  const killSwitch = useKillSwitch();
  const mayKill = useHasRole('security', 'admin');
  const ariaKey = useAriaKey('g k');
  const stopped = killSwitch.data?.scopes.some((s) => s.on && (s.scope === 'high-risk' || s.scope === 'everything'));
  if (stopped === true) {
    return (
      <Link href="/kill-switch" className={cx(buttonClasses('danger-solid', 'md'), 'max-sm:px-2.5')}>
        <OctagonX aria-hidden="true" className="size-4" />
        <span>
          <span className="max-sm:sr-only">High-risk tools are </span>stopped
        </span>
      </Link>
    );
  }
  return (
    <Button
      variant="danger"
      onClick={onPress}
      aria-keyshortcuts={ariaKey}
      disabledReason={
        mayKill === 'no' ? 'Only security and admin may stop tools. Call one of them now if you must.' : null
      }
      className="max-sm:px-2.5"
    >
      <OctagonX aria-hidden="true" className="size-4" />
      <span>
        Stop <span className="max-sm:sr-only">high-risk tools</span>
      </span>
    </Button>
  );
}
