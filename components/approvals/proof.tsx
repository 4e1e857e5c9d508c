import { ShieldAlert, ShieldCheck, ShieldEllipsis } from 'lucide-react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import type { DigestVerdict } from './judge-decision.ts';

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

const SENTENCES: Readonly<Record<DigestVerdict, string>> = {
  checking: 'Being recomputed in this browser from what is shown.',
  matches: 'Recomputed in this browser from what is shown: it matches.',
  erased: 'Recomputed in this browser from the parts below: it matches. The arguments themselves were erased.',
  differs: 'Recomputed in this browser: it does not match.',
};
const ICONS = { checking: ShieldEllipsis, matches: ShieldCheck, erased: ShieldCheck, differs: ShieldAlert } as const;
const TONES: Readonly<Record<DigestVerdict, string>> = {
  checking: 'text-ink-2',
  matches: 'text-low',
  erased: 'text-ink-2',
  differs: 'font-semibold text-high',
};

/** The digest a vote is bound to, recomputed in this browser, with everything it is made of. */
export function Proof({ record, verdict }: { readonly record: ApprovalDetail; readonly verdict: DigestVerdict }) {
  const Icon = ICONS[verdict];
  return (
    <Card title="Digest" aside={<CopyButton text={record.digest} label="Copy the digest" />}>
      <code className="block text-2xs text-ink-2 leading-relaxed [overflow-wrap:anywhere]">{record.digest}</code>
      <p className={`mt-2 flex items-start gap-1.5 text-xs ${TONES[verdict]}`}>
        <Icon aria-hidden="true" className="mt-px size-3.5 shrink-0" />
        {SENTENCES[verdict]}
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
