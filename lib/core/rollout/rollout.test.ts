import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CONTROL_IDS, isWeakened, judgeControls, weakens } from './controls.ts';
import type { RolloutFacts } from './facts.ts';
import { count, joined, some } from './step.ts';
import { judgeWeeks, weekNumber } from './weeks.ts';

const NO_CALLS = { tools: 0, held: 0, ran: 0 };
/** A new installation: one person, nothing else. */
const EMPTY: RolloutFacts = {
  servers: { active: 0, failing: 0, http: 0, stdio: 0 },
  tools: { accepted: 0, waiting: 0, drifted: 0, unclassified: 0 },
  agents: { active: 0, seen: 0, proxied: 0, oldSecrets: 0 },
  proxiedServers: 0,
  log: { calls: 0, days: 0, waiting: 0, checkpointAgeS: 5 },
  high: NO_CALLS,
  medium: NO_CALLS,
  low: NO_CALLS,
  decisions: { decided: 0, expired: 0 },
  reviewers: 0,
  policy: { version: 0, rules: 0, observing: 0 },
  windows: [],
  channels: { enabled: 0, delivered: 0, failing: 0 },
  egress: { entries: 0, endless: 0, refused24h: 0, waiting: 0 },
  credentials: { live: 0, migration: 0, ended: 0, failing: 0, rotating: 0 },
  redTeam: { enabled: false, gaps: 0, last: null },
  incidents: { untaken: 0, drillAgeDays: null },
  drillAgeDays: null,
  calibration: { enabled: false, judged: 0 },
};
/** Everything was seen. */
const FULL: RolloutFacts = {
  servers: { active: 3, failing: 0, http: 2, stdio: 1 },
  tools: { accepted: 12, waiting: 0, drifted: 0, unclassified: 0 },
  agents: { active: 2, seen: 2, proxied: 2, oldSecrets: 0 },
  proxiedServers: 1,
  log: { calls: 1234, days: 3, waiting: 10_000, checkpointAgeS: 900 },
  high: { tools: 2, held: 40, ran: 40 },
  medium: { tools: 4, held: 1, ran: 0 },
  low: { tools: 6, held: 0, ran: 900 },
  decisions: { decided: 8, expired: 2 },
  reviewers: 2,
  policy: { version: 4, rules: 2, observing: 0 },
  windows: [],
  channels: { enabled: 2, delivered: 1, failing: 0 },
  egress: { entries: 3, endless: 1, refused24h: 2, waiting: 0 },
  credentials: { live: 2, migration: 0, ended: 0, failing: 0, rotating: 2 },
  redTeam: { enabled: true, gaps: 0, last: { light: 'green', held: 42, counted: 42, ageDays: 8 } },
  incidents: { untaken: 0, drillAgeDays: 90 },
  drillAgeDays: 90,
  calibration: { enabled: true, judged: 1 },
};

const RUN = { light: 'green', held: 42, counted: 42, ageDays: 0 } as const;

const stepsOf = (facts: RolloutFacts) => judgeWeeks(facts).flatMap(({ steps }) => steps);
function step(id: string, more: Partial<RolloutFacts>, base = FULL) {
  const found = stepsOf({ ...base, ...more }).find((one) => one.id === id);
  assert.ok(found, id);
  return found;
}
const window = (scope: string, running = true) => [{ scope, running }];

type Case = readonly [id: string, more: Partial<RolloutFacts>, state: string, evidence: string, next: RegExp | null];

const CASES: readonly Case[] = [
  ['inventory', {}, 'done', '3 servers, 12 tools accepted.', null],
  ['inventory', { servers: EMPTY.servers }, 'open', 'No server is registered.', /^Register/],
  [
    'inventory',
    { servers: { ...FULL.servers, active: 1, failing: 1 } },
    'partial',
    '1 server, 12 tools accepted, 1 server could not be read.',
    /does not answer its scan/,
  ],
  [
    'inventory',
    { tools: { ...FULL.tools, waiting: 1 } },
    'partial',
    '3 servers, 12 tools accepted, 1 new.',
    /definitions that wait/,
  ],
  [
    'inventory',
    { tools: { ...FULL.tools, drifted: 1 } },
    'partial',
    '3 servers, 12 tools accepted, 1 changed.',
    /definitions that wait/,
  ],
  ['inventory', { tools: { ...FULL.tools, accepted: 1 } }, 'done', '3 servers, 1 tool accepted.', null],
  ['inventory', { tools: EMPTY.tools }, 'partial', '3 servers, 0 tools accepted.', /Scan the servers/],
  ['agents', {}, 'done', '2 active agents, 2 seen in 30 days.', null],
  ['agents', { agents: EMPTY.agents }, 'open', 'No agent is registered.', /one identity/],
  ['agents', { agents: { ...FULL.agents, seen: 1 } }, 'partial', '2 active agents, 1 seen in 30 days.', /never seen/],
  ['tags', {}, 'done', '2 high, 4 medium, 6 low, none without a class.', null],
  [
    'tags',
    { tools: { ...FULL.tools, unclassified: 1 } },
    'partial',
    '2 high, 4 medium, 6 low, 1 without a class.',
    /what they do/,
  ],
  ['tags', { tools: EMPTY.tools }, 'open', 'No tool is accepted yet.', /when it is accepted/],
  ['logging', {}, 'done', '1,234 calls on 3 days of 30, signed 15 min ago, 10,000 events on the way in.', null],
  [
    'logging',
    { log: { ...FULL.log, waiting: 0, checkpointAgeS: 59.9 } },
    'done',
    '1,234 calls on 3 days of 30, signed 59 s ago.',
    null,
  ],
  [
    'logging',
    { log: { ...FULL.log, waiting: 0, checkpointAgeS: 60 } },
    'done',
    '1,234 calls on 3 days of 30, signed 1 min ago.',
    null,
  ],
  [
    'logging',
    { log: { ...FULL.log, waiting: 0, checkpointAgeS: 901 } },
    'partial',
    '1,234 calls on 3 days of 30, signed 15 min ago.',
    /worker runs/,
  ],
  [
    'logging',
    { log: { ...FULL.log, waiting: 0, checkpointAgeS: 3600 } },
    'partial',
    '1,234 calls on 3 days of 30, signed 1 h ago.',
    /worker runs/,
  ],
  [
    'logging',
    { log: { ...FULL.log, waiting: 0, checkpointAgeS: 86_399 } },
    'partial',
    '1,234 calls on 3 days of 30, signed 23 h ago.',
    /worker runs/,
  ],
  [
    'logging',
    { log: { ...FULL.log, waiting: 0, checkpointAgeS: 86_400 } },
    'partial',
    '1,234 calls on 3 days of 30, signed 1 d ago.',
    /worker runs/,
  ],
  [
    'logging',
    { log: { ...FULL.log, waiting: 10_001 } },
    'partial',
    '1,234 calls on 3 days of 30, signed 15 min ago, 10,001 events on the way in.',
    /worker runs/,
  ],
  [
    'logging',
    { log: { ...FULL.log, waiting: 0, checkpointAgeS: null } },
    'partial',
    '1,234 calls on 3 days of 30, no signed checkpoint.',
    /worker runs/,
  ],
  [
    'logging',
    { log: { ...FULL.log, calls: 1, days: 2, waiting: 0 } },
    'partial',
    '1 call on 2 days of 30, signed 15 min ago.',
    /after 3 days/,
  ],
  ['logging', { log: EMPTY.log }, 'open', 'No call was recorded in 30 days.', /Connect an agent/],
  ['reviewers', {}, 'done', '2 reviewers.', null],
  ['reviewers', { reviewers: 1 }, 'partial', 'One reviewer: separation is solo.', /Alone/],
  ['reviewers', { reviewers: 0 }, 'open', 'Nobody holds the role reviewer.', /runs out/],
  ['gate-high', {}, 'done', '2 tools, 40 calls held in 30 days, 40 ran without a request.', null],
  [
    'gate-high',
    { high: { ...FULL.high, ran: 41 } },
    'partial',
    '2 tools, 40 calls held in 30 days, 41 ran without a request.',
    /More ran/,
  ],
  [
    'gate-high',
    { high: { tools: 2, held: 0, ran: 1 } },
    'partial',
    '2 tools, 0 calls held in 30 days, 1 ran without a request.',
    /by a grant/,
  ],
  ['gate-high', { high: { tools: 2, held: 0, ran: 0 } }, 'open', '2 tools, 0 calls held in 30 days.', /not yet seen/],
  [
    'gate-high',
    { high: NO_CALLS, windows: window('control:approvals') },
    'not-applicable',
    'No tool of high tier can be called.',
    null,
  ],
  [
    'gate-high',
    { windows: window('control:approvals') },
    'partial',
    '2 tools, 40 calls held in 30 days, 40 ran without a request, approvals are in observe.',
    /then enforce/,
  ],
  [
    'gate-high',
    { windows: [...window('control:approvals'), ...window('server:a')] },
    'partial',
    '2 tools, 40 calls held in 30 days, 40 ran without a request, approvals are in observe.',
    /then enforce/,
  ],
  [
    'gate-high',
    { windows: window('control:approvals', false) },
    'done',
    '2 tools, 40 calls held in 30 days, 40 ran without a request.',
    null,
  ],
  [
    'gate-high',
    { windows: window('control:arguments') },
    'done',
    '2 tools, 40 calls held in 30 days, 40 ran without a request.',
    null,
  ],
  ['gate-medium', {}, 'done', '4 tools, 1 call held in 30 days.', null],
  [
    'gate-medium',
    { windows: window('server:files') },
    'partial',
    '4 tools, 1 call held in 30 days, 1 server or rule in observe.',
    /then enforce/,
  ],
  [
    'gate-medium',
    { windows: [...window('rule:a'), ...window('server:b')] },
    'partial',
    '4 tools, 1 call held in 30 days, 2 servers or rules in observe.',
    /then enforce/,
  ],
  ['decisions', {}, 'done', '8 requests decided in 30 days, 2 ran out.', null],
  [
    'decisions',
    { decisions: { decided: 7, expired: 2 } },
    'partial',
    '7 requests decided in 30 days, 2 ran out.',
    /one in five/,
  ],
  ['decisions', { decisions: { decided: 5, expired: 0 } }, 'done', '5 requests decided in 30 days, 0 ran out.', null],
  [
    'decisions',
    { decisions: { decided: 4, expired: 0 } },
    'partial',
    '4 requests decided in 30 days, 0 ran out.',
    /After 5/,
  ],
  [
    'decisions',
    { decisions: { decided: 0, expired: 1 } },
    'partial',
    '0 requests decided in 30 days, 1 ran out.',
    /one in five/,
  ],
  ['decisions', { decisions: EMPTY.decisions }, 'open', 'Nothing was decided in 30 days.', /first held call/],
  ['told', {}, 'done', '2 channels on, 1 delivered something.', null],
  [
    'told',
    { channels: { enabled: 1, delivered: 0, failing: 0 } },
    'partial',
    '1 channel on, 0 delivered something.',
    /test message/,
  ],
  [
    'told',
    { channels: { enabled: 1, delivered: 1, failing: 1 } },
    'partial',
    '1 channel on, 1 delivered something, 1 failed last.',
    /last delivery failed/,
  ],
  ['told', { channels: EMPTY.channels }, 'open', 'No channel is switched on.', /web push/],
  ['rules', {}, 'done', 'Version 4, 2 rules.', null],
  [
    'rules',
    { policy: { version: 4, rules: 1, observing: 1 } },
    'partial',
    'Version 4, 1 rule, 1 only in observe.',
    /as enforced/,
  ],
  ['rules', { policy: EMPTY.policy }, 'open', 'No rule is published; the tiers decide.', /The tiers hold/],
  ['allowlist', {}, 'done', '3 destinations listed, 1 without an end, 2 others refused in 24 hours.', null],
  [
    'allowlist',
    { egress: { entries: 1, endless: 0, refused24h: 0, waiting: 0 } },
    'done',
    '1 destination listed, nothing refused in 24 hours.',
    null,
  ],
  [
    'allowlist',
    { egress: { ...FULL.egress, refused24h: 1, waiting: 1 } },
    'partial',
    '3 destinations listed, 1 without an end, 1 other refused in 24 hours, 1 waiting for an answer.',
    /asks for a destination/,
  ],
  ['allowlist', { egress: EMPTY.egress }, 'open', 'Nothing is on the list; 2 servers by address.', /until then/],
  [
    'allowlist',
    { egress: EMPTY.egress, servers: EMPTY.servers },
    'not-applicable',
    'Nothing is on the list, and no server needs it: nothing is reached.',
    null,
  ],
  ['proxy', {}, 'done', '2 of 2 agents, 1 of 1 local server seen there in 30 days.', null],
  ['proxy', { proxiedServers: 0 }, 'partial', '2 of 2 agents, 0 of 1 local server seen there in 30 days.', /Confine/],
  [
    'proxy',
    { proxiedServers: 0, agents: { ...FULL.agents, proxied: 0 } },
    'open',
    '0 of 2 agents, 0 of 1 local server seen there in 30 days.',
    /Confine/,
  ],
  [
    'proxy',
    { servers: { ...FULL.servers, stdio: 0 }, proxiedServers: 0 },
    'done',
    '2 of 2 agents seen there in 30 days.',
    null,
  ],
  [
    'proxy',
    { servers: EMPTY.servers, agents: EMPTY.agents },
    'not-applicable',
    'No agent and no local server yet.',
    null,
  ],
  ['short-lived', {}, 'done', '2 credentials, none only for a migration.', null],
  [
    'short-lived',
    { credentials: { ...FULL.credentials, migration: 1 } },
    'partial',
    '2 credentials, 1 only for a migration.',
    /long-lived/,
  ],
  [
    'short-lived',
    { credentials: { ...FULL.credentials, ended: 1 } },
    'partial',
    '2 credentials, none only for a migration, 1 ended.',
    /a new one/,
  ],
  [
    'short-lived',
    { credentials: { ...FULL.credentials, failing: 1 } },
    'partial',
    '2 credentials, none only for a migration, 1 refused upstream.',
    /a new one/,
  ],
  ['short-lived', { credentials: EMPTY.credentials }, 'not-applicable', 'No server needs a secret.', null],
  ['rotation', {}, 'done', '2 of 2 credentials rotated in 90 days, or by schedule.', null],
  [
    'rotation',
    { credentials: { ...FULL.credentials, rotating: 1 } },
    'partial',
    '1 of 2 credentials rotated in 90 days, or by schedule.',
    /by hand/,
  ],
  [
    'rotation',
    { credentials: { ...FULL.credentials, rotating: 0 } },
    'open',
    '0 of 2 credentials rotated in 90 days, or by schedule.',
    /by hand/,
  ],
  ['rotation', { credentials: EMPTY.credentials }, 'not-applicable', 'No server needs a secret.', null],
  ['agent-secrets', {}, 'done', 'None of 2 agents has a secret older than 90 days.', null],
  [
    'agent-secrets',
    { agents: { ...FULL.agents, oldSecrets: 1 } },
    'partial',
    '1 of 2 agents with a secret older than 90 days.',
    /overlap/,
  ],
  ['agent-secrets', { agents: EMPTY.agents }, 'not-applicable', 'No agent is registered.', null],
  ['red-team', {}, 'done', '42 of 42 attacks held 8 days ago, weekly.', null],
  [
    'red-team',
    { redTeam: { enabled: true, gaps: 2, last: { ...RUN, light: 'amber', held: 40 } } },
    'done',
    '40 of 42 attacks held within the last day, 2 gaps accepted, weekly.',
    null,
  ],
  [
    'red-team',
    { redTeam: { enabled: true, gaps: 0, last: { ...RUN, ageDays: 9 } } },
    'partial',
    '42 of 42 attacks held 9 days ago, weekly.',
    /late/,
  ],
  [
    'red-team',
    { redTeam: { enabled: false, gaps: 0, last: { ...RUN, ageDays: 9 } } },
    'partial',
    '42 of 42 attacks held 9 days ago, not scheduled.',
    /weekly run on/,
  ],
  [
    'red-team',
    { redTeam: { enabled: false, gaps: 1, last: { ...RUN, light: 'red', held: 1, counted: 1 } } },
    'partial',
    '1 of 1 attack held within the last day, 1 gap accepted, not scheduled.',
    /got through/,
  ],
  [
    'red-team',
    { redTeam: { enabled: true, gaps: 0, last: null } },
    'open',
    'No run was finished.',
    /Wait for the first run/,
  ],
  ['red-team', { redTeam: EMPTY.redTeam }, 'open', 'No run was finished.', /Set the red team up/],
  ['calibration', {}, 'done', 'Planting is on, 1 plant judged.', null],
  [
    'calibration',
    { calibration: { enabled: true, judged: 0 } },
    'partial',
    'Planting is on, 0 plants judged.',
    /Wait for the first/,
  ],
  [
    'calibration',
    { calibration: { enabled: false, judged: 2 } },
    'partial',
    'Planting is off, 2 plants judged.',
    /Switch planting on/,
  ],
  [
    'calibration',
    { calibration: EMPTY.calibration },
    'open',
    'Planting is off, 0 plants judged.',
    /Switch planting on/,
  ],
  ['drill', {}, 'done', 'Stopped and restored 90 days ago.', null],
  ['drill', { drillAgeDays: 0 }, 'done', 'Stopped and restored within the last day.', null],
  ['drill', { drillAgeDays: 1 }, 'done', 'Stopped and restored 1 day ago.', null],
  ['drill', { drillAgeDays: 91 }, 'partial', 'Stopped and restored 91 days ago.', /once a quarter/],
  ['drill', { drillAgeDays: null }, 'open', 'Nothing was ever stopped and restored.', /two people restore/],
  ['runbook', {}, 'done', 'Last drill 90 days ago.', null],
  ['runbook', { incidents: { untaken: 0, drillAgeDays: 0 } }, 'done', 'Last drill within the last day.', null],
  [
    'runbook',
    { incidents: { untaken: 1, drillAgeDays: 1 } },
    'partial',
    'Last drill 1 day ago, 1 incident that nobody has taken.',
    /Take what is open/,
  ],
  ['runbook', { incidents: { untaken: 0, drillAgeDays: 91 } }, 'partial', 'Last drill 91 days ago.', /once a quarter/],
  ['runbook', { incidents: EMPTY.incidents }, 'open', 'No drill was ever run.', /Open a drill/],
];

describe('a step of the rollout', () => {
  for (const [id, more, state, evidence, next] of CASES) {
    test(`${id} is ${state}: ${evidence}`, () => {
      const found = step(id, more);
      assert.deepEqual([found.state, found.evidence], [state, evidence]);
      if (next === null) assert.equal(found.next, null);
      else assert.match(found.next?.text ?? '', next);
    });
  }

  test('is named once, and every step there is was tried in each of its states', () => {
    const ids = stepsOf(FULL).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids)
      assert.ok(
        CASES.some((one) => one[0] === id && one[2] === 'done'),
        id,
      );
  });

  test('leads to a page of the console, says what to do where something is left, and nothing where nothing is', () => {
    for (const [id, more] of CASES) {
      const { title, proof, state, next } = step(id, more);
      assert.match(title, /^[A-Z].{8,}[^.]$/);
      assert.match(proof, /^\/[a-z-]+/);
      assert.equal(next === null, state === 'done' || state === 'not-applicable', id);
      if (next === null) continue;
      assert.match(next.text, /^[A-Z].*\.$/);
      assert.match(next.href, /^[/#][a-z]/);
      assert.ok(next.act.length > 5 && new Set(next.roles).size === next.roles.length);
    }
  });
});

test('who may do what is left is named: what looks is for everybody, what changes is for its role', () => {
  const rolesOf = (id: string, more: Partial<RolloutFacts>) => step(id, more).next?.roles;
  assert.deepEqual(rolesOf('inventory', { servers: EMPTY.servers }), ['admin']);
  assert.deepEqual(rolesOf('logging', { log: EMPTY.log }), []);
  assert.deepEqual(rolesOf('gate-high', { windows: window('control:approvals') }), ['admin', 'security']);
  assert.deepEqual(rolesOf('gate-high', { high: { tools: 1, held: 0, ran: 0 } }), []);
  assert.deepEqual(rolesOf('decisions', { decisions: EMPTY.decisions }), ['reviewer']);
  assert.deepEqual(rolesOf('drill', { drillAgeDays: null }), ['security', 'admin']);
});

test('a week counts what was seen of what applies, and the weeks stand in their order', () => {
  const weeks = judgeWeeks(FULL);
  assert.deepEqual(
    weeks.map(({ week, done, of }) => [week, done, of]),
    [
      [1, 4, 4],
      [2, 6, 6],
      [3, 5, 5],
      [4, 4, 4],
    ],
  );
  const [, , third] = judgeWeeks(EMPTY);
  assert.deepEqual([third?.done, third?.of, third?.steps.length], [0, 0, 5]);
  const [first] = judgeWeeks({ ...FULL, reviewers: 1, tools: { ...FULL.tools, waiting: 1 } });
  assert.deepEqual([first?.done, first?.of], [3, 4]);
});

test('in a new installation nothing is ticked', () => {
  for (const { id, state } of stepsOf(EMPTY)) assert.ok(state === 'open' || state === 'not-applicable', id);
});

test('a week has seven days, the first moment is in week 1, and no clock makes a week 0', () => {
  const day = 86_400_000;
  const at = 1_700_000_000_000;
  for (const [days, week] of [
    [0, 1],
    [6.99, 1],
    [7, 2],
    [27.9, 4],
    [28, 5],
    [-30, 1],
  ] as const) {
    assert.equal(weekNumber(at, at + days * day), week, `${days} days`);
  }
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5000 }),
      (days) => weekNumber(at, at + days * day) === Math.floor(days / 7) + 1,
    ),
  );
});

test('numbers come with their words, and what is zero is left out', () => {
  assert.deepEqual([count(1, 'tool'), count(0, 'tool'), count(2100, 'tool')], ['1 tool', '0 tools', '2,100 tools']);
  assert.equal(count(2, 'entry', 'entries'), '2 entries');
  assert.equal(joined(['a', null, 'b']), 'a, b.');
  assert.deepEqual([some(0, String), some(1, String)], [null, '1']);
});

describe('a control', () => {
  const modeOf = (id: string, more: Partial<RolloutFacts>) =>
    judgeControls({ ...FULL, ...more }).find((one) => one.id === id)?.mode;

  test('stands in the order of the product, all eight, each with a page that proves it', () => {
    const all = judgeControls(FULL);
    assert.deepEqual(
      all.map(({ id }) => id),
      CONTROL_IDS,
    );
    assert.equal(all.length, 8);
    for (const { title, evidence, proof } of all) {
      assert.match(title, /^[A-Z]/);
      assert.match(evidence, /^[A-Z\d].*\.$/);
      assert.match(proof, /^\/[a-z-]+$/);
    }
  });

  test('says its figures', () => {
    const said = Object.fromEntries(judgeControls(FULL).map(({ id, evidence }) => [id, evidence]));
    assert.deepEqual(said, {
      'blast-radius': '2 high, 4 medium and 6 low tools, 0 stopped until accepted.',
      approvals: '41 calls held in 30 days.',
      identities: '2 active agents, 2 reviewers, no token is good for both.',
      egress: '3 destinations listed, 2 others refused in 24 hours.',
      audit: '1,234 calls recorded in 30 days, 10,000 events on the way in.',
      credentials: '2 credentials, 0 only for a migration.',
      'kill-switch': 'Armed; rehearsed 90 days ago.',
      'adversarial-tests': '42 of 42 attacks held 8 days ago, weekly, reviewers tested with 1 plant.',
    });
    const empty = Object.fromEntries(judgeControls(EMPTY).map(({ id, evidence }) => [id, evidence]));
    assert.equal(empty['kill-switch'], 'Armed; never rehearsed.');
    assert.equal(empty['adversarial-tests'], 'No run was finished.');
    const drifted = judgeControls({
      ...FULL,
      tools: { ...FULL.tools, waiting: 2, drifted: 1 },
      policy: { ...FULL.policy, observing: 1 },
    });
    assert.match(drifted[0]?.evidence ?? '', /3 stopped until accepted/);
    assert.match(drifted[1]?.evidence ?? '', /1 rule in observe by the policy/);
  });

  test('is enforced unless a window that runs is over it, and only what holds or checks can be in observe', () => {
    const scopes = ['control:approvals', 'control:policies', 'control:arguments', 'rule:a', 'server:b'];
    const touched = Object.fromEntries(scopes.map((scope) => [scope, CONTROL_IDS.filter((id) => weakens(scope, id))]));
    assert.deepEqual(touched, {
      'control:approvals': ['approvals'],
      'control:policies': ['approvals'],
      'control:arguments': ['blast-radius'],
      'rule:a': ['approvals'],
      'server:b': ['blast-radius', 'approvals'],
    });
    assert.equal(modeOf('approvals', {}), 'enforced');
    assert.equal(modeOf('approvals', { windows: window('control:approvals') }), 'observed');
    assert.equal(modeOf('approvals', { windows: window('control:approvals', false) }), 'enforced');
    assert.equal(modeOf('approvals', { windows: window('rule:a') }), 'partly');
    assert.equal(modeOf('approvals', { policy: { ...FULL.policy, observing: 1 } }), 'partly');
    assert.equal(modeOf('blast-radius', { policy: { ...FULL.policy, observing: 1 } }), 'enforced');
    assert.equal(modeOf('blast-radius', { windows: window('control:approvals') }), 'enforced');
    assert.equal(modeOf('blast-radius', { windows: window('control:arguments') }), 'partly');
    assert.equal(modeOf('adversarial-tests', {}), 'enforced');
    assert.equal(modeOf('adversarial-tests', { redTeam: { enabled: false, gaps: 0, last: RUN } }), 'partly');
    assert.equal(modeOf('adversarial-tests', { redTeam: { enabled: true, gaps: 0, last: null } }), 'off');
    const weakened = (windows: RolloutFacts['windows']) =>
      judgeControls({ ...FULL, windows })
        .filter(isWeakened)
        .map(({ id }) => id);
    assert.deepEqual(weakened([]), []);
    assert.deepEqual(weakened(window('control:approvals')), ['approvals']);
    assert.deepEqual(weakened(window('server:b')), ['blast-radius', 'approvals']);
    for (const { id, scopes: can } of judgeControls(FULL)) {
      for (const scope of can) assert.ok(weakens(scope, id));
      if (!['approvals', 'blast-radius'].includes(id)) assert.deepEqual(can, []);
    }
  });
});
