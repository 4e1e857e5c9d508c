'use client';

import { useState } from 'react';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useGroups } from '#lib/client/lists/use-groups.ts';
import { usePeople } from '#lib/client/lists/use-people.ts';
import type { OnCallOrder } from '#lib/contracts/notifications.ts';
import type { Person } from '#lib/contracts/people.ts';
import { PeopleOrder } from './people-order.tsx';
import { useSetOnCall } from './use-notifications.ts';

type Props = {
  readonly order: OnCallOrder | null;
  /** Groups that have an order already. */
  readonly taken: readonly string[];
  readonly open: boolean;
  readonly onClose: () => void;
};

/** The order of one group; without anybody in it, it is taken away. */
export function OnCallDialog({ order, taken, open, onClose }: Props) {
  const people = usePeople(open);
  const groups = useGroups();
  const free = ['*', ...(groups.data?.items.map((group) => group.name) ?? [])].filter((name) => !taken.includes(name));
  const title = order === null ? 'New order' : `On call: ${order.group === '*' ? 'any reviewer' : order.group}`;
  return (
    <Dialog open={open} onOpenChange={(now) => !now && onClose()}>
      <DialogContent title={title} description="Whoever is on call is told in quiet hours too.">
        <Loaded query={people} skeleton={<Skeleton className="h-48" />}>
          {(page) => (
            <OrderForm
              order={order}
              free={free}
              people={page.items.filter((person) => person.status === 'active')}
              onDone={onClose}
            />
          )}
        </Loaded>
      </DialogContent>
    </Dialog>
  );
}

type FormProps = {
  readonly order: OnCallOrder | null;
  readonly free: readonly string[];
  readonly people: readonly Person[];
  readonly onDone: () => void;
};

function OrderForm({ order, free, people, onDone }: FormProps) {
  const write = useSetOnCall();
  const [chosenGroup, setGroup] = useState<string | null>(null);
  const [ids, setIds] = useState<readonly string[]>(order?.people.map((person) => person.id) ?? []);
  const [minutes, setMinutes] = useState(String(order?.nextAfterMinutes ?? 5));
  const [hours, setHours] = useState(order?.rotateEveryHours == null ? '' : String(order.rotateEveryHours));
  const [reason, setReason] = useState('');
  const group = order?.group ?? chosenGroup ?? free[0];
  const nextAfterMinutes = Number(minutes);
  const rotateEveryHours = hours === '' ? null : Number(hours);
  const wrong = !isWhole(nextAfterMinutes, 240) || (rotateEveryHours !== null && !isWhole(rotateEveryHours, 672));
  const blocked =
    group === undefined
      ? 'Every group has an order already.'
      : order === null && ids.length === 0
        ? 'Put somebody in it first.'
        : wrong
          ? 'Minutes: 1 to 240. Hours: 1 to 672, or none.'
          : reasonBar(reason);
  const send = async () => {
    if (group === undefined) return;
    const answer = await write.run({
      group,
      people: [...ids],
      nextAfterMinutes,
      rotateEveryHours,
      reason: reason.trim(),
    });
    if (answer.ok) onDone();
  };
  return (
    <DialogForm
      commit={order !== null && ids.length === 0 ? 'Take the order away' : 'Save'}
      variant={order !== null && ids.length === 0 ? 'danger-solid' : 'primary'}
      blocked={blocked}
      busy={write.busy}
      problem={write.problem}
      onSubmit={() => void send()}
    >
      {order === null && (
        <Field label="For requests that ask" hint="A request that asks no group is for any reviewer.">
          <Select value={group ?? ''} onChange={(event) => setGroup(event.target.value)}>
            {free.map((name) => (
              <option key={name} value={name}>
                {name === '*' ? 'any reviewer' : name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <PeopleOrder ids={ids} people={people} onChange={setIds} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="The next after, in minutes" hint="In which nobody claimed or decided.">
          <Input
            inputMode="numeric"
            value={minutes}
            maxLength={3}
            onChange={(event) => setMinutes(event.target.value)}
          />
        </Field>
        <Field label="Moves on every, in hours" optional hint="168 is a week. Empty: the order stays.">
          <Input inputMode="numeric" value={hours} maxLength={3} onChange={(event) => setHours(event.target.value)} />
        </Field>
      </div>
      <ReasonField value={reason} onChange={setReason} />
    </DialogForm>
  );
}

function isWhole(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
