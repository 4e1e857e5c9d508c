'use client';

import { Select } from '#components/ui/input.tsx';
import { useAgents } from '#lib/client/lists/use-agents.ts';
import { useServers } from '#lib/client/lists/use-servers.ts';
import { GATEWAY, identityWords } from './entry-words.ts';
import { useIdentities } from './use-egress.ts';

/** Everybody who may have destinations: the gateway, each agent, each stdio server, and who ever tried to go somewhere. */
export function useIdentityChoices(): readonly string[] {
  const agents = useAgents();
  const servers = useServers();
  const known = useIdentities();
  const all = [
    GATEWAY,
    ...(agents.data?.items ?? []).filter(({ status }) => status === 'active').map(({ name }) => `agent:${name}`),
    ...(servers.data?.items ?? []).filter(({ transport }) => transport === 'stdio').map(({ name }) => `server:${name}`),
    ...(known.data?.items ?? []).map(({ identity }) => identity),
  ];
  const [first = GATEWAY, ...rest] = new Set(all);
  return [first, ...rest.toSorted()];
}

type IdentitySelectProps = {
  readonly value: string | null;
  readonly choices: readonly string[];
  readonly onChange: (identity: string | null) => void;
  /** The words of a choice that stands for everybody; absent: somebody must be chosen. */
  readonly everybody?: string;
  readonly label?: string;
};

/** Whose destinations. Inside a Field it is labelled by it, else by `label`. */
export function IdentitySelect({ value, choices, onChange, everybody, label }: IdentitySelectProps) {
  return (
    <Select
      value={value ?? ''}
      {...(label === undefined ? {} : { 'aria-label': label })}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    >
      {everybody !== undefined && <option value="">{everybody}</option>}
      {choices.map((identity) => (
        <option key={identity} value={identity}>
          {identityWords(identity)}
        </option>
      ))}
    </Select>
  );
}
