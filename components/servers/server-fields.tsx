'use client';

import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { nameSchema } from '#lib/contracts/shared-shapes.ts';
import { isTier, TIERS, type Tier } from '#lib/core/risk/types.ts';

export type Basics = { readonly name: string; readonly tier: Tier; readonly description: string };
export const EMPTY_BASICS: Basics = { name: '', tier: 'high', description: '' };

/** Short enough for a phone's select, which cuts off what is longer; what it is meant for stands below it. */
const TIER_WORDS: Readonly<Record<Tier, readonly [says: string, meantFor: string]>> = {
  high: ['High: every call waits for a person', 'For code, infrastructure, secrets and money.'],
  medium: ['Medium: calls wait for a person', 'For tickets, messages and project updates.'],
  low: ['Low: calls pass and are recorded', 'For documents and search that only read.'],
};

/** What is wrong with a name, once there is one. */
export function nameError(name: string): string | null {
  if (name === '') return null;
  const checked = nameSchema.safeParse(name);
  return checked.success ? null : 'Lower-case letters, digits and inner hyphens, at most 32 characters.';
}

/** What is wrong with an address, once there is one; whether it may be reached is asked of the allowlist. */
export function addressError(address: string): string | null {
  if (address === '') return null;
  const url = URL.parse(address);
  if (url === null) return 'Give the whole address, such as https://tickets.example.com/mcp.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only https and http can be reached.';
  if (url.username !== '' || url.password !== '')
    return 'No user name or password here: what the server wants to see goes under Credentials.';
  return null;
}

/** Choice of a tier, in words that say what it leads to. */
export function TierField({
  value,
  onChange,
  hint,
}: {
  readonly value: Tier;
  readonly onChange: (tier: Tier) => void;
  readonly hint?: string;
}) {
  return (
    <Field label="Tier" hint={[TIER_WORDS[value][1], hint].join(' ').trim()}>
      <Select value={value} onChange={(event) => isTier(event.target.value) && onChange(event.target.value)}>
        {TIERS.toReversed().map((tier) => (
          <option key={tier} value={tier}>
            {TIER_WORDS[tier][0]}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What every server has: a name, a tier, a note. */
export function BasicFields({
  value,
  onChange,
}: {
  readonly value: Basics;
  readonly onChange: (next: Basics) => void;
}) {
  return (
    <>
      <Field label="Name" hint="Agents and rules use it; it cannot be changed later." error={nameError(value.name)}>
        <Input
          value={value.name}
          onChange={(event) => onChange({ ...value, name: event.target.value })}
          placeholder="tickets"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={32}
          required
        />
      </Field>
      <TierField
        value={value.tier}
        onChange={(tier) => onChange({ ...value, tier })}
        hint="A tool gets the stricter of this and what its own definition suggests."
      />
      <Field label="Note" optional>
        <Input
          value={value.description}
          onChange={(event) => onChange({ ...value, description: event.target.value })}
          maxLength={500}
          autoComplete="off"
        />
      </Field>
    </>
  );
}
