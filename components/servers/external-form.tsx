'use client';

import { Plus, Trash2 } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { DialogActions, DialogClose } from '#components/ui/dialog.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { classWords } from '#lib/client/format.ts';
import { ACTION_CLASSES, type ActionClass, isActionClass } from '#lib/core/risk/types.ts';
import { BasicFields, EMPTY_BASICS, nameError } from './server-fields.tsx';
import { useCreateServer } from './use-servers.ts';

type Declared = { readonly key: number; readonly name: string; readonly actionClass: ActionClass };

/** Tools that do not speak MCP, such as an agent's own shell: declared here, decided here, run where the agent is. */
export function ExternalForm({
  onAdded,
  leaving,
}: {
  readonly onAdded: (name: string) => void;
  readonly leaving: boolean;
}) {
  const create = useCreateServer();
  const [basics, setBasics] = useState(EMPTY_BASICS);
  const nextKey = useRef(1);
  const [tools, setTools] = useState<readonly Declared[]>([{ key: 0, name: 'exec', actionClass: 'shell' }]);
  const named = tools.filter((tool) => tool.name.trim() !== '');
  const blocked =
    basics.name === '' || named.length === 0
      ? 'Give it a name and at least one tool.'
      : nameError(basics.name) !== null
        ? 'Correct the name first.'
        : new Set(named.map((tool) => tool.name.trim())).size < named.length
          ? 'Two tools have the same name.'
          : null;
  const change = (key: number, next: Partial<Declared>) =>
    setTools(tools.map((tool) => (tool.key === key ? { ...tool, ...next } : tool)));
  const add = () => {
    setTools([...tools, { key: nextKey.current, name: '', actionClass: 'other' }]);
    nextKey.current += 1;
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || create.busy) return;
    const answer = await create.run({
      transport: 'external',
      ...basics,
      tools: named.map((tool) => ({ name: tool.name.trim(), class: tool.actionClass, description: '' })),
    });
    if (answer.ok) onAdded(basics.name);
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Notice>
        <p>A plugin or hook asks here before it runs such a tool. What you declare is what may be asked for.</p>
      </Notice>
      <BasicFields value={basics} onChange={setBasics} />
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 font-medium text-ink-2 text-xs">Tools</legend>
        {tools.map((tool, i) => (
          <div key={tool.key} className="flex items-center gap-2">
            <Input
              aria-label={`Name of tool ${i + 1}`}
              value={tool.name}
              onChange={(event) => change(tool.key, { name: event.target.value })}
              placeholder="exec"
              autoComplete="off"
              spellCheck={false}
              maxLength={128}
              className="min-w-0 flex-1 font-mono"
            />
            <div className="w-40 shrink-0">
              <Select
                aria-label={`Action class of tool ${i + 1}`}
                value={tool.actionClass}
                onChange={(event) =>
                  isActionClass(event.target.value) && change(tool.key, { actionClass: event.target.value })
                }
              >
                {ACTION_CLASSES.map((name) => (
                  <option key={name} value={name}>
                    {classWords(name)}
                  </option>
                ))}
              </Select>
            </div>
            <IconButton
              label={`Remove tool ${i + 1}`}
              onClick={() => setTools(tools.filter((t) => t.key !== tool.key))}
            >
              <Trash2 aria-hidden="true" />
            </IconButton>
          </div>
        ))}
        <Button size="sm" className="justify-self-start" onClick={add}>
          <Plus aria-hidden="true" className="size-3.5" />
          Another tool
        </Button>
      </fieldset>
      {create.problem !== null && <ProblemNotice problem={create.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={create.busy || leaving} disabledReason={blocked}>
          Add
        </Button>
      </DialogActions>
    </form>
  );
}
