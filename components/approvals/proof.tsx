import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';

const NAMES: Readonly<Record<keyof ApprovalDetail['digestInputs'], string>> = {
  agent: 'Agent',
  onBehalfOf: 'On behalf of',
  session: 'Session',
  server: 'Server',
  serverConfigHash: 'Server configuration',
  tool: 'Tool',
  toolDigest: 'Tool definition',
  argsHash: 'Arguments',
  nonce: 'Nonce',
};

/** The digest a vote is bound to, recomputed in this browser, with everything it is made of. */
export function Proof({ record, matches }: { readonly record: ApprovalDetail; readonly matches: boolean }) {
  const Icon = matches ? ShieldCheck : ShieldAlert;
  return (
    <Card title="Digest" aside={<CopyButton text={record.digest} label="Copy the digest" />}>
      <code className="block text-2xs text-ink-2 leading-relaxed [overflow-wrap:anywhere]">{record.digest}</code>
      <p className={`mt-2 flex items-start gap-1.5 text-xs ${matches ? 'text-low' : 'font-semibold text-high'}`}>
        <Icon aria-hidden="true" className="mt-px size-3.5 shrink-0" />
        {matches
          ? 'Recomputed in this browser from what is shown: it matches.'
          : 'Recomputed in this browser: it does not match.'}
      </p>
      <details className="mt-2 border-t pt-1.5">
        <summary className="min-h-6 content-center text-ink-3 text-xs hover:text-ink-2">What it is made of</summary>
        <dl className="grid gap-1.5 pt-1.5 text-xs">
          {Object.entries(record.digestInputs).map(([name, value]) => (
            <div key={name}>
              <dt className="text-ink-3">{isInput(name) ? NAMES[name] : name}</dt>
              <dd>
                <SafeText as="code" text={value ?? 'nobody'} className="text-2xs" />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </Card>
  );
}

function isInput(name: string): name is keyof ApprovalDetail['digestInputs'] {
  return Object.hasOwn(NAMES, name);
}
