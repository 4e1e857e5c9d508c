'use client';

import { useState } from 'react';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import type { Rule } from '#lib/core/policies/rule.ts';
import { rulesAsJson, rulesAsYaml } from './rule-text.ts';

const FORMS = [
  { value: 'yaml', text: 'YAML' },
  { value: 'json', text: 'JSON' },
] as const;
type Form = (typeof FORMS)[number]['value'];

/** The rules as text: for countersign.yaml, or exactly as they are stored. */
export function RulesText({ rules }: { readonly rules: readonly Rule[] }) {
  const [form, setForm] = useState<Form>('yaml');
  return (
    <div className="grid justify-items-start gap-2.5">
      <Segmented label="Form of the text" value={form} onChange={setForm} options={FORMS} />
      <div className="w-full">
        {form === 'yaml' ? (
          <CodeBlock label="countersign.yaml" text={rulesAsYaml(rules)} />
        ) : (
          <CodeBlock label="rules as JSON" text={rulesAsJson(rules)} />
        )}
      </div>
    </div>
  );
}
