'use client';

import { BellRing, MonitorSmartphone } from 'lucide-react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import type { PushRefusal, PushState } from '#lib/client/push.ts';
import type { Preferences, Subscription } from '#lib/contracts/preferences.ts';
import { TestResult } from './test-result.tsx';
import { usePreferences, useRemoveSubscription, useSubscriptions, useTestSubscription } from './use-preferences.ts';
import { usePush } from './use-push.ts';

/** One's own browsers that are told, and turning this one on. */
export function BrowsersCard() {
  const query = usePreferences();
  return (
    <Card title="Push in your browsers">
      <Loaded query={query} skeleton={<Skeleton className="h-24" />}>
        {(preferences) => <Browsers preferences={preferences} />}
      </Loaded>
    </Card>
  );
}

function Browsers({ preferences }: { readonly preferences: Preferences }) {
  const push = usePush(preferences.webPush.publicKey);
  const listed = useSubscriptions();
  const thisId = push.state?.kind === 'on' ? push.state.id : null;
  return (
    <div className="grid gap-3">
      <p className="text-ink-2">
        A push says the tier and what waits, never its arguments. It opens the request; nothing is decided from it.
      </p>
      {preferences.webPush.available ? (
        <ThisBrowser push={push} />
      ) : (
        <Notice title="There is no push channel yet">
          <p>An admin adds one under Channels and on-call; then you can turn it on here.</p>
        </Notice>
      )}
      <Loaded query={listed} skeleton={<Skeleton className="h-12" />}>
        {({ items }) =>
          items.length === 0 ? null : (
            <ul aria-label="Your browsers" className="overflow-clip rounded-md border">
              {items.map((item) => (
                <BrowserLine key={item.id} item={item} isThis={item.id === thisId} onRemoveThis={push.turnOff} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}

/** Why this browser has nothing to turn on, and what to do about it. */
const BARRED: Readonly<Record<Exclude<PushState['kind'], 'on' | 'off'>, readonly [string, string]>> = {
  unsupported: [
    'This browser knows no pushes',
    'Use a current Chrome, Edge, Firefox or Safari; e-mail works everywhere.',
  ],
  'needs-home-screen': [
    'Add Countersign to the home screen first',
    'On an iPhone or iPad: Share, then Add to Home Screen. Open it from there and come back to this page.',
  ],
  insecure: ['Pushes need HTTPS', 'Open the console at its HTTPS address, or on localhost.'],
  'no-worker': ['The service worker is not in place yet', 'Reload the page. A development server has none.'],
  denied: [
    'This browser refuses notifications from here',
    'Allow them in the browser’s settings for this site (the icon before the address), then reload the page.',
  ],
};
const REFUSED: Readonly<Record<PushRefusal, string>> = {
  denied: 'The browser was told to refuse. Allow notifications for this site in its settings.',
  'not-now': 'The question was closed without an answer. Nothing has changed.',
  failed: 'The browser’s push service gave no address. It may be switched off, or not be reachable from here.',
};

function ThisBrowser({ push }: { readonly push: ReturnType<typeof usePush> }) {
  const { state } = push;
  if (state === null) return <Skeleton className="h-8 w-56" />;
  if (state.kind !== 'on' && state.kind !== 'off') {
    const [title, next] = BARRED[state.kind];
    return (
      <Notice tone={state.kind === 'denied' ? 'warning' : 'info'} title={title}>
        <p>{next}</p>
      </Notice>
    );
  }
  return (
    <div className="grid gap-2">
      {state.kind === 'off' && (
        <div>
          <Button variant="primary" busy={push.busy} onClick={() => void push.turnOn()}>
            <BellRing aria-hidden="true" className="size-4" />
            Turn on push in this browser
          </Button>
        </div>
      )}
      <p role="status" className="text-ink-2 empty:hidden">
        {push.refused !== null ? REFUSED[push.refused] : state.kind === 'on' ? 'Push is on in this browser.' : ''}
      </p>
      {push.problem !== null && <ProblemNotice problem={push.problem} />}
    </div>
  );
}

type LineProps = {
  readonly item: Subscription;
  readonly isThis: boolean;
  readonly onRemoveThis: (id: string) => Promise<void>;
};

function BrowserLine({ item, isThis, onRemoveThis }: LineProps) {
  const remove = useRemoveSubscription();
  const test = useTestSubscription(item.id);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b px-3 py-2 last:border-b-0">
      <MonitorSmartphone aria-hidden="true" className="size-4 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <SafeText text={item.device} />
          {isThis && <Badge tone="accent">this one</Badge>}
        </p>
        <p className="text-ink-3 text-xs [overflow-wrap:anywhere]">
          through <SafeText text={item.service} />,{' '}
          {item.lastDeliveredAt === null ? (
            'nothing delivered yet'
          ) : (
            <>
              last push <When at={item.lastDeliveredAt} />
            </>
          )}
        </p>
        {item.lastError !== null && <p className="text-medium text-xs">{item.lastError}</p>}
        <TestResult write={test} />
      </div>
      <Button size="sm" busy={test.busy} aria-label={`Test ${item.device}`} onClick={() => void test.run(undefined)}>
        Test
      </Button>
      <Button
        size="sm"
        variant="danger"
        busy={remove.busy}
        aria-label={`Remove ${item.device}`}
        onClick={() => void (isThis ? onRemoveThis(item.id) : remove.run(item.id))}
      >
        Remove
      </Button>
    </li>
  );
}
