'use client';

import { CirclePlay, OctagonX } from 'lucide-react';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { scopeWords } from '#components/shell/kill-words.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { When } from '#components/ui/when.tsx';
import { api } from '#lib/client/api.ts';
import { formatCount } from '#lib/client/format.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { type KillSwitch, killSwitchSchema } from '#lib/contracts/kill-switch.ts';

type Scope = KillSwitch['scopes'][number];
type ScopeListProps = { readonly state: KillSwitch; readonly mayAct: boolean };

/** What is stopped now, and what was before. */
export function ScopeList({ state, mayAct }: ScopeListProps) {
  const on = state.scopes.filter((scope) => scope.on);
  const off = state.scopes.filter((scope) => !scope.on);
  return (
    <Card title="Stopped now" aside={switchedWords(state.epoch)} flush>
      {on.length === 0 ? (
        <div className="flex items-center gap-3 px-3.5 py-5">
          <CirclePlay aria-hidden="true" className="size-5 text-low" />
          <p>
            <b className="font-semibold">Nothing is stopped.</b>{' '}
            <span className="text-ink-2">Calls go by tags and policies alone.</span>
          </p>
        </div>
      ) : (
        <ul>
          {on.map((scope) => (
            <StoppedScope key={scope.scope} scope={scope} state={state} mayAct={mayAct} />
          ))}
        </ul>
      )}
      {off.length > 0 && (
        <ul aria-label="Restored" className="border-t bg-sunken">
          {off.map((scope) => (
            <li key={scope.scope} className="flex flex-wrap gap-x-2 px-3.5 py-1.5 text-ink-3 text-xs">
              <span className="text-ink-2">{scopeWords(scope.scope)}</span> restored by {scope.by}{' '}
              <When at={scope.at} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Each stop and each restore counts one. */
function switchedWords(epoch: string): string {
  return epoch === '0' ? 'never used' : epoch === '1' ? 'used once' : `used ${formatCount(epoch)} times`;
}

function StoppedScope({ scope, state, mayAct }: ScopeListProps & { readonly scope: Scope }) {
  const [asking, setAsking] = useState(false);
  const restore = useWrite<string, KillSwitch>(
    (reason) => api.send('POST', '/api/v1/kill-switch', { scope: scope.scope, on: false, reason }, killSwitchSchema),
    [queryKeys.killSwitch],
  );
  const open = state.restores.some((one) => one.scope === scope.scope);
  const solo = state.separation === 'solo';
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b px-3.5 py-3 last:border-b-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          {scopeWords(scope.scope)}
          <Badge tone="danger" icon={<OctagonX aria-hidden="true" />}>
            Stopped
          </Badge>
        </p>
        <p className="mt-0.5 text-ink-2">
          By {scope.by} <When at={scope.at} />: “<SafeText text={scope.reason} />”
        </p>
      </div>
      <Button
        onClick={() => {
          restore.reset();
          setAsking(true);
        }}
        disabledReason={
          !mayAct
            ? 'Restoring needs the role security or admin.'
            : open
              ? 'A restore is open already, see below.'
              : null
        }
      >
        Restore…
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Restore: ${scopeWords(scope.scope).toLowerCase()}`}
        consequence={
          solo
            ? 'This opens a restore. As the only reviewer you confirm it yourself after 60 seconds, with your password.'
            : 'This opens a restore. It takes effect when another person of security or admin confirms it within 30 minutes.'
        }
        confirmWord="Open the restore"
        reasonLabel="Why is it safe again?"
        busy={restore.busy}
        problem={restore.problem}
        onConfirm={async (reason) => {
          if ((await restore.run(reason)).ok) setAsking(false);
        }}
      />
    </li>
  );
}
