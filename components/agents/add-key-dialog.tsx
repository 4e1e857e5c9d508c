'use client';

import { useState } from 'react';
import { z } from 'zod';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/input.tsx';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { readAgentJwk } from '#lib/core/identity/public-jwk.ts';
import { DEFAULT_OVERLAP_S, OverlapField } from './overlap-field.tsx';
import { useAddKey } from './use-agents.ts';

type Props = { readonly agent: AgentDetail; readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Registers a public key, so that the agent needs no secret at all. */
export function AddKeyDialog({ agent, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={`A public key for ${agent.name}`}
        description="The agent signs a short statement with its private key instead of sending a secret. Paste the public half only."
      >
        <AddKeyForm agent={agent} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

const jwkSchema = z.record(z.string(), z.json());

function AddKeyForm({ agent, onDone }: { readonly agent: AgentDetail; readonly onDone: () => void }) {
  const [text, setText] = useState('');
  const [takesOver, setTakesOver] = useState(false);
  const [overlapS, setOverlapS] = useState(DEFAULT_OVERLAP_S);
  const add = useAddKey(agent.id);
  const jwk = readJwk(text);
  // Judged here already: a private half that was pasted by mistake never leaves the browser.
  const read = jwk === null ? null : readAgentJwk(jwk);
  const wrong =
    text.trim() === '' ? null : read === null ? 'This is not a JSON object.' : read.ok ? null : read.error.detail;
  const blocked = text.trim() === '' ? 'Paste the key first.' : wrong === null ? null : 'Correct the key first.';
  const submit = async () => {
    if (jwk === null || blocked !== null) return;
    if ((await add.run({ jwk, overlapS: takesOver ? overlapS : null })).ok) onDone();
  };
  return (
    <DialogForm
      commit="Add the key"
      blocked={blocked}
      busy={add.busy}
      problem={add.problem}
      onSubmit={() => void submit()}
    >
      <Field label="Public key (JWK)" hint="Ed25519, P-256, P-384, or RSA of at least 2048 bits." error={wrong}>
        <Textarea
          rows={6}
          value={text}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-xs"
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <Checkbox
        checked={takesOver}
        onCheckedChange={(next) => setTakesOver(next === true)}
        label="It takes over from the present keys"
      />
      {takesOver && <OverlapField value={overlapS} onChange={setOverlapS} />}
    </DialogForm>
  );
}

function readJwk(text: string): z.infer<typeof jwkSchema> | null {
  try {
    const read = jwkSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
