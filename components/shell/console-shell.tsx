'use client';

import { Search } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { keepDialogReady } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { useHasRole, useMe } from '#lib/client/use-me.ts';
import { BrandMark } from './brand.tsx';
import { useKeptFocus } from './kept-focus.ts';
import { setShortcutPerson } from './kept-shortcuts.ts';
import { KillButton } from './kill-button.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { NAV_GROUPS } from './nav-items.ts';
import { PersonMenu } from './person-menu.tsx';
import { PhoneNav } from './phone-nav.tsx';
import { useShortcuts } from './shortcuts.ts';
import { SideNav } from './side-nav.tsx';

type Panel = 'kill' | 'palette' | 'keys';

// What is to be said on every page is known only once the server was asked: its code comes meanwhile.
const banners = arriving(() => import('./banners.tsx').then((file) => file.Banners), 'at-once');
// What opens over a page comes when it is first opened; the page is read without it.
const loadKill = () => import('./kill-dialog.tsx').then((file) => ({ default: file.KillDialog }));
const KillDialog = lazy(loadKill);
const Palette = lazy(() => import('./palette.tsx').then((file) => ({ default: file.Palette })));
const ShortcutSheet = lazy(() =>
  import('#components/shortcuts/shortcut-sheet.tsx').then((file) => ({ default: file.ShortcutSheet })),
);
/** Stopping tools must not wait for a download when it is needed: its code is fetched once the page has come to rest. */
const KEEP_READY_MS = 4000;

/**
 * The frame of every page behind sign-in. On a desk the frame stands still and pages scroll inside it; on a phone, and
 * when zoomed far in, the document scrolls.
 */
export function ConsoleShell({ children }: { readonly children: ReactNode }) {
  const router = useRouter();
  const Banners = useArrived(banners);
  const [panel, setPanel] = useState<Panel | null>(null);
  const mayKill = useHasRole('security', 'admin');
  const me = useMe().data?.id;
  const close = () => setPanel(null);
  useKeptFocus();
  const goTo = NAV_GROUPS.flatMap((group) => group.items).map(
    (item) => [`g ${item.key}`, () => router.push(item.href)] as const,
  );
  useShortcuts({
    ...Object.fromEntries(goTo),
    '?': () => setPanel('keys'),
    'g k': () => (mayKill === 'no' ? router.push('/kill-switch') : setPanel('kill')),
  });
  useEffect(() => {
    if (me !== undefined) setShortcutPerson(me);
  }, [me]);
  useEffect(() => {
    if (mayKill !== 'yes') return;
    const timer = setTimeout(() => {
      void loadKill().catch(() => undefined);
      void keepDialogReady();
    }, KEEP_READY_MS);
    return () => clearTimeout(timer);
  }, [mayKill]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setPanel((now) => (now === 'palette' ? null : (now ?? 'palette')));
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
            onClick={() => setPanel('palette')}
            aria-keyshortcuts="Control+K"
            className="hidden h-8 min-w-0 max-w-80 flex-1 items-center gap-2 rounded-lg border bg-sunken px-2.5 text-ink-3 hover:border-line-strong sm:flex"
          >
            <Search aria-hidden="true" className="size-3.5" />
            <span className="flex-1 truncate text-left">Search everything</span>
            <Kbd>Ctrl K</Kbd>
          </button>
          <div className="ml-auto flex items-center gap-2.5 sm:gap-3.5">
            <LiveIndicator />
            <KillButton onPress={() => setPanel('kill')} />
            <PersonMenu onShowKeys={() => setPanel('keys')} />
          </div>
        </header>
        {Banners !== null && <Banners />}
        <main id="main" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 outline-none desk:overflow-y-auto">
          {children}
        </main>
        <PhoneNav />
      </div>
      <Suspense fallback={null}>
        {panel === 'kill' && <KillDialog scope="high-risk" open onOpenChange={close} />}
        {panel === 'palette' && <Palette onClose={close} onPanel={setPanel} />}
        {panel === 'keys' && <ShortcutSheet onClose={close} />}
      </Suspense>
    </div>
  );
}
