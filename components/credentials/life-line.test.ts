import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { lifeLine } from './life-line.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString();
const credential: CredentialView = {
  id: '01890000-0000-7000-8000-000000000001',
  name: 'tickets',
  server: 'tickets',
  serverId: '01890000-0000-7000-8000-000000000002',
  kind: 'bearer',
  status: 'active',
  publicConfig: {},
  publicJwk: null,
  nextPublicJwk: null,
  createdAt: day(0),
  createdBy: 'Ana',
  rotatedAt: null,
  endsAt: day(50),
  ageDays: 0,
  daysLeft: 50,
  lastUsedAt: null,
  overlapMinutes: 10,
  rotateEveryDays: null,
  nextRotationAt: null,
  hook: null,
  lastError: null,
  versions: [{ version: 1, state: 'current', createdAt: day(0), notAfter: null }],
  migrationOnly: true,
  personalToken: null,
  bound: true,
  serverConfigHash: 'x',
  usedBy: [],
};

test('a life runs from its making to its end, with its reminders', () => {
  const line = lifeLine(credential, Date.parse(day(25)));
  assert.equal(line?.today, 0.5);
  assert.deepEqual(
    line?.marks.map(({ kind, at }) => [kind, Math.round(at * 50)]),
    [
      ['reminder', 36],
      ['reminder', 43],
      ['reminder', 49],
    ],
  );
});

test('rotations stand where they were and where the next is due', () => {
  const versions = [
    ...credential.versions,
    { version: 2, state: 'current', createdAt: day(10), notAfter: null } as const,
  ];
  const line = lifeLine({ ...credential, versions, nextRotationAt: day(30) }, Date.parse(day(60)));
  assert.equal(line?.today, 1);
  assert.deepEqual(
    line?.marks.filter(({ kind }) => kind !== 'reminder').map(({ text, at }) => [text, Math.round(at * 50)]),
    [
      ['version 2', 10],
      ['next rotation', 30],
    ],
  );
});

test('without an end the line leads to the next rotation, and without either there is none', () => {
  const open = { ...credential, endsAt: null };
  assert.equal(lifeLine(open, 0), null);
  assert.equal(lifeLine({ ...open, nextRotationAt: day(30) }, 0)?.endMs, Date.parse(day(30)));
});
