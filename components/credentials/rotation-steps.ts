import type { CredentialView } from '#lib/contracts/credentials.ts';

export type StepState = 'waiting' | 'running' | 'done' | 'failed';
export type RotationStep = { readonly name: string; readonly state: StepState; readonly says: string };

type Rotation = {
  /** The request is under way. */
  readonly busy: boolean;
  /** It was refused or rolled back; null = it was not. */
  readonly failed: boolean;
  /** The server switched. */
  readonly switched: boolean;
  readonly versions: CredentialView['versions'];
  readonly nowMs: number;
};

/** Where a rotation stands, step by step, from the request's fate and the versions that the server keeps. */
export function rotationSteps({ busy, failed, switched, versions, nowMs }: Rotation): readonly RotationStep[] {
  const old = versions.find(({ state }) => state === 'previous');
  const overlaps = old !== undefined && (old.notAfter === null || Date.parse(old.notAfter) > nowMs);
  const after = (done: boolean): StepState => (done ? 'done' : 'waiting');
  return [
    {
      name: 'Test call',
      state: failed ? 'failed' : switched ? 'done' : busy ? 'running' : 'waiting',
      says: failed
        ? 'Refused. Rolled back: the current secret stays in use, no call was lost.'
        : 'The server’s tools are listed with the new secret.',
    },
    {
      name: 'Switch',
      state: after(switched),
      says: 'Every call that begins now carries the new one, in live sessions too.',
    },
    {
      name: 'Overlap',
      state: switched ? (overlaps ? 'running' : 'done') : 'waiting',
      says: 'Calls that were under way end with the old one.',
    },
    { name: 'Old one erased', state: after(switched && !overlaps), says: 'Nothing can be sent with it again.' },
  ];
}
