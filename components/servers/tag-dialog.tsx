'use client';

import { type FormEvent, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { classWords } from '#lib/client/format.ts';
import type { Tool } from '#lib/contracts/servers.ts';
import { ACTION_CLASSES, isActionClass, TIERS } from '#lib/core/risk/types.ts';
import { TierField } from './server-fields.tsx';
import { useTagTool } from './use-servers.ts';

type Props = {
  readonly serverId: string;
  readonly tool: Tool;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Changes what a tool counts as. Only people lower a tier, and they say why. */
export function TagDialog({ serverId, tool, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={<SafeText text={tool.name} className="font-mono text-base" />}
        description="What this tool counts as"
      >
        <TagForm serverId={serverId} tool={tool} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function TagForm({
  serverId,
  tool,
  onDone,
}: {
  readonly serverId: string;
  readonly tool: Tool;
  readonly onDone: () => void;
}) {
  const tag = useTagTool(serverId, tool.name);
  const [tier, setTier] = useState(tool.tier);
  const [actionClass, setActionClass] = useState(tool.actionClass);
  const [reason, setReason] = useState('');
  const changed = tier !== tool.tier || actionClass !== tool.actionClass;
  const frees = tier === 'low' && tool.tier !== 'low';
  const belowSuggestion = TIERS.indexOf(tier) < TIERS.indexOf(tool.suggestedTier);
  const blocked = !changed
    ? 'Nothing is changed yet.'
    : reason.trim().length < 3
      ? 'Say why first, in a few words.'
      : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || tag.busy) return;
    const answer = await tag.run({
      reason: reason.trim(),
      ...(tier === tool.tier ? {} : { tier }),
      ...(actionClass === tool.actionClass ? {} : { class: actionClass }),
    });
    if (answer.ok) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <TierField value={tier} onChange={setTier} />
      <Field label="Action class">
        <Select
          value={actionClass}
          onChange={(event) => isActionClass(event.target.value) && setActionClass(event.target.value)}
        >
          {ACTION_CLASSES.map((name) => (
            <option key={name} value={name}>
              {classWords(name)}
            </option>
          ))}
        </Select>
      </Field>
      {(frees || belowSuggestion) && (
        <Notice
          tone="warning"
          role="status"
          title={frees ? 'Calls will no longer wait for a person' : 'Below what was suggested'}
        >
          <p>
            {frees
              ? 'From now on agents call this tool at once; it is only recorded.'
              : 'The suggestion is stricter. Say what you know that the definition does not.'}
          </p>
        </Notice>
      )}
      <Field label="Why" hint="Kept in the log, and shown to reviewers beside each request.">
        <Input value={reason} onChange={(event) => setReason(event.target.value)} maxLength={500} autoComplete="off" />
      </Field>
      {tag.problem !== null && <ProblemNotice problem={tag.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={tag.busy} disabledReason={blocked}>
          Save
        </Button>
      </DialogActions>
    </form>
  );
}
