'use client';

import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Page } from '#components/ui/page.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { When } from '#components/ui/when.tsx';
import { api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useProof } from '#lib/client/use-proof.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { reauthAnswerSchema } from '#lib/contracts/me.ts';
import { cliCodeSchema, cliLoginInfoSchema } from '#lib/contracts/sessions.ts';

type Info = z.infer<typeof cliLoginInfoSchema>;
const PATH = '/api/v1/me/cli-login';

/**
 * Signs a command line in: the person compares the code with their own terminal before anything is given away. A link with
 * a code in it does nothing by itself, because somebody else may have sent it.
 */
export function ConfirmCommandLine({ code: given }: { readonly code: string }) {
  const [code, setCode] = useState(given);
  const [info, setInfo] = useState<Info | null>(null);
  const [decided, setDecided] = useState<'confirmed' | 'refused' | null>(null);
  const proof = useProof();
  const [password, setPassword] = useState('');
  const bar = proof.bar(password);
  const look = useWrite((text: string) => api.send('POST', `${PATH}/info`, { code: text }, cliLoginInfoSchema), []);
  const decide = useWrite(
    async (confirm: boolean) => {
      if (confirm && password !== '') {
        const proven = await api.send('POST', '/api/v1/me/reauth', { password }, reauthAnswerSchema);
        if (!proven.ok) return proven;
      }
      return api.send('POST', PATH, { code, confirm }, nothingSchema);
    },
    [queryKeys.sessions.own, queryKeys.me],
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!cliCodeSchema.safeParse(code).success || look.busy) return;
    const answer = await look.run(code);
    if (answer.ok) setInfo(answer.value);
  };
  const settle = async (confirm: boolean) => {
    const answer = await decide.run(confirm);
    setPassword('');
    if (answer.ok) setDecided(confirm ? 'confirmed' : 'refused');
  };
  return (
    <Page
      title="Sign a command line in"
      intro="countersign login shows a code in your terminal. Whoever has it confirmed acts as you for twelve hours, or until you sign out here."
      width="reading"
    >
      <Card title="The code in your terminal">
        {decided !== null ? (
          <Notice
            tone={decided === 'confirmed' ? 'good' : 'info'}
            role="status"
            title={decided === 'confirmed' ? 'The command line is signed in' : 'The code was refused'}
          >
            <p>
              {decided === 'confirmed'
                ? 'Go back to your terminal. It stands among your sessions in Settings, where you can end it.'
                : 'Nothing was given away.'}
            </p>
          </Notice>
        ) : info === null ? (
          <form onSubmit={submit} className="grid gap-4">
            <Field
              label="Code"
              hint="Eight letters. Type it from the terminal in front of you, or compare it letter by letter."
            >
              <Input
                value={code}
                maxLength={20}
                autoComplete="off"
                spellCheck={false}
                autoCapitalize="characters"
                className="font-mono uppercase"
                onChange={(event) => setCode(event.target.value)}
              />
            </Field>
            {look.problem !== null && <ProblemNotice problem={look.problem} />}
            <div>
              <Button
                type="submit"
                variant="primary"
                busy={look.busy}
                disabledReason={cliCodeSchema.safeParse(code).success ? null : 'A code has eight letters.'}
              >
                Continue
              </Button>
            </div>
          </form>
        ) : (
          <div className="grid gap-4">
            <Notice tone="warning" title="Only if you started it yourself, a moment ago">
              <p>Somebody who sends you a code wants to act in your name.</p>
            </Notice>
            <Facts>
              <Fact name="Code">
                <code className="font-semibold text-base uppercase">{code}</code>
              </Fact>
              <Fact name="It calls itself">
                <SafeText text={info.client} />
              </Fact>
              <Fact name="From">{info.address}</Fact>
              <Fact name="Asked">
                <When at={info.createdAt} />
              </Fact>
            </Facts>
            <ProofField proof={proof} value={password} onChange={setPassword} />
            {decide.problem !== null && <ProblemNotice problem={decide.problem} />}
            <div className="flex flex-wrap gap-2">
              <Button busy={decide.busy} onClick={() => void settle(false)}>
                Refuse
              </Button>
              <Button variant="primary" busy={decide.busy} disabledReason={bar} onClick={() => void settle(true)}>
                Sign it in as me
              </Button>
            </div>
          </div>
        )}
      </Card>
    </Page>
  );
}
