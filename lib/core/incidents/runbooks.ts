import { AGENT_RUNBOOKS } from './agent-runbooks.ts';
import { HOUSE_RUNBOOKS } from './house-runbooks.ts';
import type { IncidentKind } from './kinds.ts';
import { below, open, type RunbookStep, type StepAction, type StepTemplate } from './runbook-step.ts';
import type { IncidentSubject } from './subject.ts';

const RUNBOOKS: { readonly [K in IncidentKind]: readonly StepTemplate[] } = { ...AGENT_RUNBOOKS, ...HOUSE_RUNBOOKS };

/**
 * The steps for an incident, each with what its button does for this subject. In a drill nothing acts: whoever practises
 * must not stop what is real, so a button that would act leads to where it is done.
 */
export function runbookOf(kind: IncidentKind, about: IncidentSubject, isDrill: boolean): readonly RunbookStep[] {
  return RUNBOOKS[kind].map(({ act, ...rest }) => {
    const action = act?.(about) ?? null;
    return { ...rest, action: isDrill && action !== null ? rehearsed(action) : action };
  });
}

function rehearsed(action: StepAction): StepAction {
  switch (action.kind) {
    case 'open':
      return action;
    case 'kill':
      return open(`Where you would ${lower(action.text)}`, '/kill-switch');
    case 'quarantine':
    case 'revoke-token':
      return open(`Where you would ${lower(action.text)}`, below('/agents', action.agent));
  }
}

const lower = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
