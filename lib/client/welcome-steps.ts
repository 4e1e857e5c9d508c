import type { Role } from '#lib/contracts/shared-shapes.ts';
import type { Welcome } from '#lib/contracts/welcome.ts';

/** One thing to do in the first hour; `evidence` is what was seen of it, with names that others chose. */
export type WelcomeStep = {
  readonly id: 'server' | 'tools' | 'agent' | 'call' | 'decision' | 'policy' | 'passkey' | 'second' | 'drill';
  readonly done: boolean;
  readonly title: string;
  readonly text: string;
  /** Where it is done, what the button there says, and who may; nobody named = everybody. */
  readonly href: string;
  readonly act: string;
  readonly roles: readonly Role[];
  readonly evidence: { readonly text: string; readonly at: string | null; readonly href: string } | null;
};

const FATES = { ran: 'ran', waited: 'waited for a person', refused: 'was refused' } as const;
const count = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`;

/** The way to the first call that a person decided, in order: each step needs the one before. */
export function firstSteps(now: Welcome): readonly WelcomeStep[] {
  const { server, agent, firstCall, firstVote } = now;
  return [
    {
      id: 'server',
      done: server !== null,
      title: 'Add a server',
      text: 'An MCP server whose tools your agents shall use: by its address, by a command the host allows, or as a list of tools that your agent runs itself.',
      href: '/servers?add=1',
      act: 'Add a server',
      roles: ['admin'],
      evidence: server === null ? null : { text: server.name, at: server.at, href: `/servers/${server.name}` },
    },
    {
      id: 'tools',
      done: server !== null && server.accepted > 0,
      title: 'Accept its tools',
      text: 'Read what was found, with a suggested tier and the reasons for it. Nothing can be called before you accept it.',
      href: server === null ? '/servers' : `/servers/${server.name}`,
      act: 'Look at the tools',
      roles: ['admin'],
      evidence:
        server === null || server.accepted === 0 ? null : { text: toolWords(server), at: null, href: '/servers' },
    },
    {
      id: 'agent',
      done: agent !== null,
      title: 'Create an agent',
      text: 'Each agent gets an identity of its own, with the servers it may use. Its secret is shown once.',
      href: '/agents?add=1',
      act: 'Create an agent',
      roles: ['admin'],
      evidence:
        agent === null
          ? null
          : {
              text: `${agent.name}, may use ${count(agent.servers, 'server', 'servers')}`,
              at: agent.at,
              href: `/agents/${agent.name}`,
            },
    },
    {
      id: 'call',
      done: firstCall !== null,
      title: 'Connect it, and see its first call',
      text: 'Copy the configuration for its client, start it, and have it use a tool. Low-risk calls run; the others wait under Approvals.',
      href: agent === null ? '/agents' : `/agents/${agent.name}`,
      act: agent === null ? 'Open Agents' : 'Open its page',
      roles: [],
      evidence:
        firstCall === null
          ? null
          : {
              text: `${firstCall.agent}: ${firstCall.server} · ${firstCall.tool} ${FATES[firstCall.fate]}`,
              at: firstCall.at,
              href: `/audit?call=${firstCall.callId}`,
            },
    },
    {
      id: 'decision',
      done: firstVote !== null,
      title: 'Decide a call',
      text: 'Have the agent use a tool of medium or high tier. You see exactly what would run; approve or deny it.',
      href: '/approvals',
      act: 'Open Approvals',
      roles: ['reviewer'],
      evidence:
        firstVote === null
          ? null
          : {
              text: `${firstVote.by} voted to ${firstVote.decision}`,
              at: firstVote.at,
              href: `/approvals/${firstVote.requestId}`,
            },
    },
  ];
}

/** What makes an installation one's own, in any order. */
export function laterSteps(now: Welcome): readonly WelcomeStep[] {
  const { policy, passkey, people, drill } = now;
  return [
    {
      id: 'second',
      done: people.reviewers >= 2,
      title: 'Bring a second reviewer',
      text: 'Alone you decide calls of your own agents. With two, nobody does, and loosening a rule takes both.',
      href: '/people',
      act: 'Invite somebody',
      roles: ['admin'],
      evidence:
        people.reviewers >= 2
          ? { text: count(people.reviewers, 'reviewer', 'reviewers'), at: null, href: '/people' }
          : people.invited > 0
            ? { text: `${count(people.invited, 'invitation is', 'invitations are')} open`, at: null, href: '/people' }
            : null,
    },
    {
      id: 'passkey',
      done: passkey !== null,
      title: 'Add a passkey',
      text: 'One touch proves that it is you. Rules can ask for it with each approval, and you can sign in with it.',
      href: '/settings',
      act: 'Open Settings',
      roles: [],
      evidence: passkey === null ? null : { text: passkey.name, at: passkey.at, href: '/settings' },
    },
    {
      id: 'policy',
      done: policy !== null,
      title: 'Write your first rule',
      text: 'The tiers already hold what is dangerous. A rule says more: two people for a deployment, never this tool, only these arguments. You see what it would have changed before you save it.',
      href: '/policies',
      act: 'Open Policies',
      roles: ['admin'],
      evidence:
        policy === null
          ? null
          : {
              text: `Version ${policy.version}, ${count(policy.rules, 'rule', 'rules')}`,
              at: policy.at,
              href: '/policies',
            },
    },
    {
      id: 'drill',
      done: drill !== null,
      title: 'Rehearse the kill switch',
      text: 'Stop high-risk tools once on a quiet day, look at how fast each gateway follows, and restore them. What waits then is void.',
      href: '/kill-switch',
      act: 'Open the kill switch',
      roles: ['security', 'admin'],
      evidence:
        drill === null ? null : { text: `${drill.scope} stopped and restored`, at: drill.at, href: '/kill-switch' },
    },
  ];
}

function toolWords({ accepted, waiting }: NonNullable<Welcome['server']>): string {
  const waits = waiting === 0 ? '' : `, ${waiting} to look at`;
  return `${count(accepted, 'tool', 'tools')} accepted${waits}`;
}
