'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { ScrollBox } from '#components/ui/scroll-box.tsx';
import { When } from '#components/ui/when.tsx';
import { classWords, formatBytes, shortDigest } from '#lib/client/format.ts';
import type { Tool } from '#lib/contracts/servers.ts';
import { DefinitionDiff } from './definition-diff.tsx';
import { TagDialog } from './tag-dialog.tsx';
import { isWaiting } from './waiting.ts';

type Props = {
  readonly serverId: string;
  readonly tool: Tool;
  readonly bar: string | null;
  readonly onAccept: () => void;
};

/** Everything about one tool. Its definition is the server's text: shown whole, escaped, in a box of its own. */
export function ToolPanel({ serverId, tool, bar, onAccept }: Props) {
  const [tagging, setTagging] = useState(false);
  const description = tool.definition.description;
  const text = JSON.stringify(tool.definition, null, 2);
  return (
    <div className="grid gap-3.5 border-t bg-sunken px-3.5 py-3.5 sm:pl-10">
      {typeof description === 'string' && description !== '' && (
        <div className="rounded-lg border border-line-strong border-dashed bg-panel px-3 py-2">
          <p className="text-2xs text-ink-3">The server says (unverified)</p>
          <SafeText text={description} as="p" multiline className="max-h-60 overflow-y-auto text-ink-2" />
        </div>
      )}
      {tool.pinState === 'drifted' && <DefinitionDiff diff={tool.diff} />}
      <div className="grid gap-x-8 gap-y-3.5 lg:grid-cols-2">
        <Suggestion tool={tool} />
        <Facts className="content-start">
          <Fact name="Tag set by">{tool.taggedBy ?? 'nobody: the suggestion applies'}</Fact>
          {tool.tagReason !== null && <Fact name="Reason given">{tool.tagReason}</Fact>}
          <Fact name="Accepted">
            {tool.acceptedAt === null ? (
              'not yet'
            ) : (
              <>
                {tool.acceptedBy !== null && `${tool.acceptedBy}, `}
                <When at={tool.acceptedAt} />
              </>
            )}
          </Fact>
          <Fact name="Definition">
            <span className="-my-1.5 inline-flex items-center">
              <code className="text-xs">{shortDigest(tool.definitionDigest)}</code>
              <CopyButton text={tool.definitionDigest} label="Copy the definition's digest" />
            </span>
          </Fact>
        </Facts>
      </div>
      <details className="rounded-lg border bg-panel">
        <summary className="px-3 py-2 font-medium text-ink-2 text-xs">
          Whole definition, as the server sent it ({formatBytes(new TextEncoder().encode(text).length)})
        </summary>
        <ScrollBox label="Definition" className="max-h-96 border-t p-3">
          <SafeText text={text} as="pre" multiline className="text-xs leading-relaxed" />
        </ScrollBox>
      </details>
      <div className="flex flex-wrap gap-2">
        {isWaiting(tool) && (
          <Button variant="primary" size="sm" disabledReason={bar} onClick={onAccept}>
            {tool.pinState === 'drifted' ? 'Accept the new definition' : 'Accept this definition'}
          </Button>
        )}
        <Button size="sm" disabledReason={bar} onClick={() => setTagging(true)}>
          Change tier or class…
        </Button>
      </div>
      <TagDialog serverId={serverId} tool={tool} open={tagging} onOpenChange={setTagging} />
    </div>
  );
}

function Suggestion({ tool }: { readonly tool: Tool }) {
  return (
    <div>
      <p className="flex flex-wrap items-center gap-2 text-ink-3">
        Suggested: <TierBadge tier={tool.suggestedTier} />
        <span className="text-ink-2">{classWords(tool.suggestedClass)}</span>
      </p>
      <ul className="mt-1.5 grid gap-1 text-ink-2 text-xs">
        {tool.suggestionReasons.map((reason) => (
          <li key={reason} className="flex gap-1.5">
            <span aria-hidden="true">·</span>
            <SafeText text={reason} />
          </li>
        ))}
      </ul>
    </div>
  );
}
