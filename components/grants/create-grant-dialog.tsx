'use client';

import { type FormEvent, useState } from 'react';
import { blockLimits, FIRST_LIMITS, LimitFields } from '#components/grant-form/grant-limits.tsx';
import { GrantPreview } from '#components/grant-form/grant-preview.tsx';
import { useProposeGrant } from '#components/grant-form/use-grant-writes.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select, Textarea } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { classWords } from '#lib/client/format.ts';
import { useAgents } from '#lib/client/lists/use-agents.ts';
import { useServers } from '#lib/client/lists/use-servers.ts';
import { ACTION_CLASSES, type ActionClass } from '#lib/core/risk/types.ts';

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Proposes a grant without a request to start from. */
export function CreateGrantDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Grant by hand"
        description="For calls that are expected, before they are asked for. As many people must agree as for the calls themselves."
        width="lg"
      >
        <CreateForm onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function CreateForm({ onDone }: { readonly onDone: () => void }) {
  const propose = useProposeGrant();
  const agents = useAgents().data?.items ?? [];
  const servers = useServers().data?.items ?? [];
  const [agent, setAgent] = useState('');
  const [server, setServer] = useState('');
  const [reach, setReach] = useState<'tool' | 'class'>('tool');
  const [tool, setTool] = useState('');
  const [actionClass, setActionClass] = useState<ActionClass>('other');
  const [condition, setCondition] = useState('');
  const [limits, setLimits] = useState(FIRST_LIMITS);
  const subject = reach === 'tool' ? { tool: tool.trim() } : { actionClass };
  const unnamed = agent === '' || server === '' || (reach === 'tool' && tool.trim() === '');
  const blocked = unnamed ? 'Choose an agent, a server and what it covers.' : blockLimits(limits);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || propose.busy) return;
    const answer = await propose.run({
      agent,
      server,
      ...subject,
      ...(condition.trim() === '' ? {} : { condition: condition.trim() }),
      minutes: limits.minutes,
      maxUses: Number(limits.maxUses),
      reason: limits.reason.trim(),
    });
    if (answer.ok) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Agent">
          <Select value={agent} onChange={(event) => setAgent(event.target.value)}>
            <option value="">Choose</option>
            {agents.map((one) => (
              <option key={one.id} value={one.name}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Server">
          <Select value={server} onChange={(event) => setServer(event.target.value)}>
            <option value="">Choose</option>
            {servers.map((one) => (
              <option key={one.id} value={one.name}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <div className="grid gap-2">
        <div>
          <Segmented
            label="What the grant covers"
            value={reach}
            onChange={setReach}
            options={[
              { value: 'tool', text: 'One tool' },
              { value: 'class', text: 'One action class' },
            ]}
          />
        </div>
        {reach === 'tool' ? (
          <Field label="Tool">
            <Input
              value={tool}
              maxLength={200}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="merge_pull_request"
              onChange={(event) => setTool(event.target.value)}
            />
          </Field>
        ) : (
          <Field label="Action class">
            <Select
              value={actionClass}
              onChange={(event) => setActionClass(ACTION_CLASSES.find((one) => one === event.target.value) ?? 'other')}
            >
              {ACTION_CLASSES.map((one) => (
                <option key={one} value={one}>
                  {classWords(one)}
                </option>
              ))}
            </Select>
          </Field>
        )}
      </div>
      <Field
        label="Only where"
        optional
        hint="A condition over args, tool, server, agent, session, now. Empty = any arguments."
      >
        <Textarea
          value={condition}
          maxLength={2000}
          rows={2}
          spellCheck={false}
          autoCapitalize="none"
          className="font-mono text-xs"
          placeholder='args.repo == "acme/site"'
          onChange={(event) => setCondition(event.target.value)}
        />
      </Field>
      <LimitFields value={limits} onChange={setLimits} />
      {!unnamed && (
        <GrantPreview
          terms={{
            agentName: agent,
            serverName: server,
            toolName: reach === 'tool' ? tool.trim() : null,
            actionClass: reach === 'tool' ? null : actionClass,
            tier: null,
            condition: condition.trim() === '' ? null : condition.trim(),
            minutes: limits.minutes,
            maxUses: Number(limits.maxUses) || 0,
          }}
          people="How many people must agree is worked out when it is proposed: the strictest that holds any call it covers."
        />
      )}
      {propose.problem !== null && <ProblemNotice problem={propose.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={propose.busy} disabledReason={blocked}>
          Propose
        </Button>
      </DialogActions>
    </form>
  );
}
