'use client';

import { useMemo } from 'react';
import { useAgents } from '#lib/client/lists/use-agents.ts';
import { useCredentials } from '#lib/client/lists/use-credentials.ts';
import { usePeople } from '#lib/client/lists/use-people.ts';
import { useServers } from '#lib/client/lists/use-servers.ts';
import { useGrants } from '#lib/client/use-grants.ts';
import { useHasRole } from '#lib/client/use-me.ts';
import { usePolicies, usePolicy } from '#lib/client/use-policies.ts';
import { compareByRisk } from './compare-by-risk.ts';
import { INNER_PLACES, type Place } from './inner-places.ts';
import { NAV_GROUPS } from './nav-items.ts';
import type { PaletteAction, PaletteGroup, PaletteItem } from './palette-items.ts';
import { useInbox } from './pending.ts';

const ADMIN_ACTIONS: readonly Place[] = [
  { href: '/servers?add=1', text: 'Add a server', note: 'Action' },
  { href: '/agents?add=1', text: 'Create an agent', note: 'Action' },
  { href: '/credentials?add=1', text: 'Add a credential', note: 'Action' },
];
const ACTIONS: readonly { readonly action: PaletteAction; readonly text: string; readonly note: string }[] = [
  { action: 'keys', text: 'Show all keys', note: '?' },
  { action: 'theme-light', text: 'Theme: light', note: '' },
  { action: 'theme-dark', text: 'Theme: dark', note: '' },
  { action: 'theme-system', text: 'Theme: as the system', note: '' },
  { action: 'sign-out', text: 'Sign out', note: '' },
];

function place(group: PaletteGroup, { href, text, note }: Place): PaletteItem {
  return { id: `page:${href}`, group, text, note, tier: null, does: { kind: 'go', href } };
}

function action(act: PaletteAction, text: string, note: string): PaletteItem {
  return { id: `action:${act}`, group: 'Actions', text, note, tier: null, does: { kind: 'act', action: act } };
}

/** Everything the palette can find for this person. What a role may not read, or was not read yet, is left out. */
export function usePaletteItems(): readonly PaletteItem[] {
  const { rows } = useInbox('pending');
  const servers = useServers().data?.items;
  const agents = useAgents().data?.items;
  const people = usePeople().data?.items;
  const grants = useGrants('live').data?.items;
  const credentials = useCredentials().data?.items;
  const inForce = usePolicies().data?.inForce ?? 0;
  const rules = usePolicy(inForce).data?.content;
  const mayKill = useHasRole('security', 'admin') === 'yes';
  const mayAdd = useHasRole('admin') === 'yes';
  const fixed = useMemo(
    () => [
      ...(mayKill ? [action('kill', 'Stop high-risk tools…', 'g k')] : []),
      ...(mayAdd ? ADMIN_ACTIONS.map((one) => place('Actions', one)) : []),
      ...ACTIONS.map((one) => action(one.action, one.text, one.note)),
      ...NAV_GROUPS.flatMap((group) => group.items).map(({ href, text }) => place('Pages', { href, text, note: '' })),
      ...INNER_PLACES.map((one) => place('Pages', one)),
    ],
    [mayKill, mayAdd],
  );
  return useMemo(() => {
    const go = (group: PaletteGroup, id: string, href: string, text: string, note: string): PaletteItem => ({
      id,
      group,
      text,
      note,
      tier: null,
      does: { kind: 'go', href },
    });
    return [
      ...fixed,
      ...rows.toSorted(compareByRisk).map((row) => ({
        ...go(
          'Waiting requests',
          `request:${row.id}`,
          `/approvals/${row.id}`,
          `${row.server} · ${row.tool}`,
          row.agent,
        ),
        tier: row.tier,
      })),
      ...(servers ?? []).map((one) => ({
        ...go('Servers', `server:${one.id}`, `/servers/${encodeURIComponent(one.name)}`, one.name, one.transport),
        tier: one.tier,
      })),
      ...(agents ?? []).map((one) =>
        go('Agents', `agent:${one.id}`, `/agents/${encodeURIComponent(one.name)}`, one.name, one.owner.name),
      ),
      ...(rules ?? []).map((rule) =>
        go('Rules', `rule:${rule.name}`, `/policies/${inForce}`, rule.name, `${rule.then}, version ${inForce}`),
      ),
      ...(grants ?? []).map((one) => go('Grants', `grant:${one.id}`, '/grants', one.sentence, one.status)),
      ...(credentials ?? []).map((one) =>
        go('Credentials', `credential:${one.id}`, `/credentials/${one.id}`, one.name, one.server),
      ),
      ...(people ?? []).map((one) => go('People', `person:${one.id}`, '/people', one.name, one.email)),
    ];
  }, [fixed, rows, servers, agents, rules, inForce, grants, credentials, people]);
}
