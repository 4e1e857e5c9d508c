'use client';

import Link from 'next/link';
import { PROFILE_WORDS } from '#components/connect/client-words.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { usePeople } from '#lib/client/lists/use-people.ts';
import { useServers } from '#lib/client/lists/use-servers.ts';
import type { AgentCreate } from '#lib/contracts/agents.ts';
import { holdProfileSchema } from '#lib/contracts/shared-shapes.ts';

export type AgentSettings = Omit<AgentCreate, 'name'>;

/** OpenClaw waits as long as its configuration says; ours tells it this. */
const OPENCLAW_TIMEOUT_MS = 850_000;

/** What can be set for an agent, now or later. */
export function AgentFields({
  value,
  onChange,
}: {
  readonly value: AgentSettings;
  readonly onChange: (next: AgentSettings) => void;
}) {
  const people = usePeople();
  const owners = people.data?.items.filter((person) => person.status === 'active') ?? [];
  const pickClient = (text: string) => {
    const client = holdProfileSchema.safeParse(text);
    if (!client.success) return;
    const requestTimeoutMs = client.data === 'openclaw' ? OPENCLAW_TIMEOUT_MS : null;
    onChange({ ...value, client: client.data, requestTimeoutMs });
  };
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Client" hint="Decides how long a call can be held before the agent must ask again.">
          <Select value={value.client} onChange={(event) => pickClient(event.target.value)}>
            {holdProfileSchema.options.map((profile) => (
              <option key={profile} value={profile}>
                {PROFILE_WORDS[profile]}
              </option>
            ))}
          </Select>
        </Field>
        {owners.length > 1 && (
          <Field label="Owner" hint="The person who runs it, and so may not decide its calls.">
            <Select
              value={value.ownerId ?? ''}
              onChange={(event) => {
                const { ownerId: _, ...rest } = value;
                onChange(event.target.value === '' ? rest : { ...rest, ownerId: event.target.value });
              }}
            >
              <option value="">You</option>
              {owners.map((person) => (
                <option key={person.id} value={person.id}>
                  {person.name}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <NumberField
          label="Request timeout, seconds"
          hint="As set in the client. Leave empty if you did not set one."
          value={value.requestTimeoutMs === null ? null : Math.round(value.requestTimeoutMs / 1000)}
          min={1}
          max={86_400}
          onChange={(seconds) => onChange({ ...value, requestTimeoutMs: seconds === null ? null : seconds * 1000 })}
        />
        <NumberField
          label="Most requests waiting at once"
          value={value.pendingCap}
          min={1}
          max={1000}
          onChange={(cap) => onChange({ ...value, pendingCap: cap ?? 20 })}
        />
      </div>
      <ServerChoice value={value} onChange={onChange} />
    </>
  );
}

type NumberFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number | null) => void;
};

function NumberField({ label, hint, value, min, max, onChange }: NumberFieldProps) {
  return (
    <Field label={label} hint={hint}>
      <Input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        value={value ?? ''}
        onChange={(event) => {
          const next = event.target.valueAsNumber;
          onChange(Number.isNaN(next) ? null : Math.min(max, Math.max(min, Math.round(next))));
        }}
      />
    </Field>
  );
}

function ServerChoice({
  value,
  onChange,
}: {
  readonly value: AgentSettings;
  readonly onChange: (next: AgentSettings) => void;
}) {
  const servers = useServers();
  const names = servers.data?.items.map((server) => server.name) ?? [];
  const toggle = (name: string, on: boolean) =>
    onChange({ ...value, servers: on ? [...value.servers, name] : value.servers.filter((server) => server !== name) });
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 font-medium text-ink-2 text-xs">Servers it may use</legend>
      {names.length === 0 ? (
        <p className="text-ink-3">
          {servers.isPending ? (
            'Loading\u2026'
          ) : (
            <>
              No server is registered yet.{' '}
              <Link href="/servers?add=1" className="link">
                Add one first
              </Link>
            </>
          )}
        </p>
      ) : (
        <div className="grid gap-2 sm:grid-cols-2">
          {names.map((name) => (
            <Checkbox
              key={name}
              label={name}
              checked={value.servers.includes(name)}
              onCheckedChange={(on) => toggle(name, on === true)}
            />
          ))}
          {value.servers.length === 0 && (
            <p className="text-ink-3 text-xs sm:col-span-2">
              None chosen yet: an agent without a server has nothing to call.
            </p>
          )}
        </div>
      )}
      <Checkbox
        className="mt-1.5 border-t pt-3"
        label="All of them under one address"
        hint="Lets it use /mcp, where tools are named server__tool, with one token."
        checked={value.aggregate}
        onCheckedChange={(on) => onChange({ ...value, aggregate: on === true })}
      />
    </fieldset>
  );
}
