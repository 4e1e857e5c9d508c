'use client';

import Link from 'next/link';
import { type FormEvent, useMemo, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { classWords, plural } from '#lib/client/format.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import type { Grant } from '#lib/contracts/grants.ts';
import { either, people } from '#lib/core/policies/words.ts';
import { conditionOf, listPins } from './build-condition.ts';
import { blockLimits, FIRST_LIMITS, LimitFields } from './grant-limits.tsx';
import { GrantPreview } from './grant-preview.tsx';
import { useProposeGrant } from './use-grant-writes.ts';

/** The reserved server name under which the egress proxy asks. */
const EGRESS_SERVER = 'egress';
/** A grant for connections is for one host and port: those stay, whoever proposes it. */
const KEPT_OF_CONNECTIONS: ReadonlySet<string> = new Set(['args.host', 'args.port']);

type Props = {
  readonly record: ApprovalDetail;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Proposes a grant from a request: what of its arguments must stay as it is, for how long, how often. */
export function GrantFromRequest({ record, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Let calls like this pass for a while"
        description="This request itself is not decided by it."
        width="lg"
      >
        <ProposalForm record={record} />
      </DialogContent>
    </Dialog>
  );
}

function ProposalForm({ record }: { readonly record: ApprovalDetail }) {
  const propose = useProposeGrant();
  const { pins, rest } = useMemo(() => listPins(record.canonicalArgs), [record.canonicalArgs]);
  const [reach, setReach] = useState<'tool' | 'class'>('tool');
  // Everything is held fast at first: a grant is widened on purpose, never by forgetting.
  const [loose, setLoose] = useState<ReadonlySet<string>>(new Set());
  const [limits, setLimits] = useState(FIRST_LIMITS);
  const [made, setMade] = useState<Grant | null>(null);
  const isConnection = record.server === EGRESS_SERVER;
  const condition = conditionOf(pins.filter((pin) => !loose.has(pin.path)));
  const tooLong = condition !== undefined && condition.length > 2000;
  const blocked = tooLong ? 'Too many fields are held fast: untick some.' : blockLimits(limits);
  const subject = reach === 'tool' ? { tool: record.tool } : { actionClass: record.actionClass };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || propose.busy) return;
    const answer = await propose.run({
      agent: record.agent,
      server: record.server,
      ...subject,
      ...(condition === undefined ? {} : { condition }),
      minutes: limits.minutes,
      maxUses: Number(limits.maxUses),
      reason: limits.reason.trim(),
      requestId: record.id,
    });
    if (answer.ok) setMade(answer.value);
  };
  if (made !== null) return <Proposed grant={made} />;
  return (
    <form onSubmit={submit} className="grid gap-4">
      <div className="flex flex-wrap items-center gap-3">
        {isConnection ? (
          <span className="text-ink-2">
            Connections of <SafeText text={record.agent} /> to this one host and port. Nothing is put on the list.
          </span>
        ) : (
          <>
            <Segmented
              label="What the grant covers"
              value={reach}
              onChange={setReach}
              options={[
                { value: 'tool', text: 'This tool' },
                { value: 'class', text: `Every ${classWords(record.actionClass)} tool` },
              ]}
            />
            <span className="text-ink-2">
              of <SafeText text={record.server} />, for <SafeText text={record.agent} />
            </span>
          </>
        )}
      </div>
      {pins.length > 0 && (
        <fieldset className="grid gap-1.5">
          <legend className="mb-1.5 font-medium text-ink-2 text-xs">
            Must stay as it is here. What you untick may be anything.
          </legend>
          {pins.map((pin) => (
            <Checkbox
              key={pin.path}
              checked={!loose.has(pin.path)}
              disabled={isConnection && KEPT_OF_CONNECTIONS.has(pin.path)}
              onCheckedChange={(on) =>
                setLoose((now) => {
                  const next = new Set(now);
                  if (on === true) next.delete(pin.path);
                  else next.add(pin.path);
                  return next;
                })
              }
              label={<SafeText as="code" text={pin.condition} className="text-xs" />}
            />
          ))}
        </fieldset>
      )}
      {rest > 0 && (
        <Notice tone="warning">
          {plural(rest, 'value')} of this call {rest === 1 ? 'is' : 'are'} too long or too deep to hold fast here, and
          may be anything. Write a condition by hand under{' '}
          <Link href="/grants" className="link">
            Grants
          </Link>{' '}
          if that is too wide.
        </Notice>
      )}
      <LimitFields value={limits} onChange={setLimits} />
      <GrantPreview
        terms={{
          agentName: record.agent,
          serverName: record.server,
          toolName: reach === 'tool' ? record.tool : null,
          actionClass: reach === 'tool' ? null : record.actionClass,
          tier: record.tier,
          condition: condition ?? null,
          minutes: limits.minutes,
          maxUses: Number(limits.maxUses) || 0,
        }}
        people={peopleWords(record)}
      />
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

/** Whose votes the grant needs: those that this request needs, none of which is there yet. */
function peopleWords(record: ApprovalDetail): string {
  const factors = record.terms.factors.map((factor) => `${factor.count} of ${either(factor.groups)}`);
  const among = factors.length === 0 ? '' : `, among them ${factors.join(' and ')}`;
  const passkey = record.terms.stepUp === 'passkey' ? ', each with a passkey' : '';
  return `Needs ${people(record.quorum.needed)}${among}${passkey}, as this request does.`;
}

function Proposed({ grant }: { readonly grant: Grant }) {
  const active = grant.status === 'active';
  return (
    <>
      <Notice
        tone={active ? 'good' : 'info'}
        role="status"
        title={active ? 'The grant is in force.' : 'The grant is proposed, and waits for votes.'}
      >
        <SafeText text={grant.sentence} />
        {!active && ` ${grant.quorum.approved} of ${grant.quorum.needed} needed.`}
      </Notice>
      <DialogActions>
        <DialogClose asChild>
          <Button>Close</Button>
        </DialogClose>
        <Link href="/grants" className={buttonClasses('primary')}>
          Open grants
        </Link>
      </DialogActions>
    </>
  );
}
