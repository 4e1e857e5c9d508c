'use client';

import { Search } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { Kbd } from '#components/ui/kbd.tsx';
import { useHasRole } from '#lib/client/use-me.ts';
import { Banners } from './banners.tsx';
import { BrandMark } from './brand.tsx';
import { JumpDialog } from './jump-dialog.tsx';
import { KeysSheet } from './keys-sheet.tsx';
import { KillButton } from './kill-button.tsx';
import { KillDialog } from './kill-dialog.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { NAV_GROUPS } from './nav-items.ts';
import { PersonMenu } from './person-menu.tsx';
import { PhoneNav } from './phone-nav.tsx';
import { useShortcuts } from './shortcuts.ts';
import { SideNav } from './side-nav.tsx';

type Panel = 'kill' | 'jump' | 'keys';

/**
 * The frame of every page behind sign-in. On a desk the frame stands still and pages scroll inside it; on a phone, and
 * when zoomed far in, the document scrolls.
 */
export function ConsoleShell({ children }: { readonly children: ReactNode }) {
  const router = useRouter();
  const [panel, setPanel] = useState<Panel | null>(null);
  const mayKill = useHasRole('security', 'admin');
  const toggle = (which: Panel) => (open: boolean) => setPanel(open ? which : null);
  const goTo = NAV_GROUPS.flatMap((group) => group.items).map(
    (item) => [`g ${item.key}`, () => router.push(item.href)] as const,
  );
  useShortcuts({
    ...Object.fromEntries(goTo),
    '?': () => setPanel('keys'),
    'g k': () => (mayKill === 'no' ? router.push('/kill-switch') : setPanel('kill')),
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setPanel((now) => (now === 'jump' ? null : (now ?? 'jump')));
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <div className="flex min-h-dvh flex-col desk:grid desk:h-dvh desk:overflow-clip desk:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-panel focus:px-3 focus:py-2 focus:shadow-float"
      >
        Skip to content
      </a>
      <SideNav />
      <div className="flex min-w-0 flex-1 flex-col desk:min-h-0">
        <header className="sticky top-0 z-30 flex min-h-12 items-center gap-2 border-b bg-panel px-3 sm:gap-3 sm:px-4 [@media(max-height:26rem)]:static">
          <Link href="/" aria-label="Countersign, overview" className="desk:hidden">
            <BrandMark className="size-6 text-accent" />
          </Link>
          <button
            type="button"
            onClick={() => setPanel('jump')}
            aria-keyshortcuts="Control+K"
            className="hidden h-8 min-w-0 max-w-80 flex-1 items-center gap-2 rounded-lg border bg-sunken px-2.5 text-ink-3 hover:border-line-strong sm:flex"
          >
            <Search aria-hidden="true" className="size-3.5" />
            <span className="flex-1 truncate text-left">Jump to…</span>
            <Kbd>Ctrl K</Kbd>
          </button>
          <div className="ml-auto flex items-center gap-2.5 sm:gap-3.5">
            <LiveIndicator />
            <KillButton onPress={() => setPanel('kill')} />
            <PersonMenu onShowKeys={() => setPanel('keys')} />
          </div>
        </header>
        <Banners />
        <main id="main" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 outline-none desk:overflow-y-auto">
          {children}
        </main>
        <PhoneNav />
      </div>
      <KillDialog scope="high-risk" open={panel === 'kill'} onOpenChange={toggle('kill')} />
      <JumpDialog open={panel === 'jump'} onOpenChange={toggle('jump')} />
      <KeysSheet open={panel === 'keys'} onOpenChange={toggle('keys')} />
    </div>
  );
}
