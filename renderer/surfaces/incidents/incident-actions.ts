import type { GivenDetail } from '../../../shared/details/contract.ts';
import type { Client } from '../../../shared/contract.ts';
import type { EventBody, RunId } from '../../../shared/events.ts';

export type IncidentFrom = EventBody<'incident-opened'>['from'];
export type EscalationFrom = EventBody<'escalation-started'>['from'];

/** What people can do about incidents and on the escalation path. Each resolves to whether it was taken. */
export type IncidentActions = {
  readonly openIncident: (
    title: string,
    severity: string,
    from: IncidentFrom,
    escalate: boolean,
  ) => Promise<string | null>;
  readonly noteIncident: (incident: string, text: string, corrects: number | null) => Promise<boolean>;
  readonly gradeIncident: (incident: string, severity: string, reason: string) => Promise<boolean>;
  readonly nameCause: (incident: string, cause: string) => Promise<boolean>;
  readonly resolveIncident: (incident: string, sentence: string) => Promise<boolean>;
  readonly reopenIncident: (incident: string, reason: string) => Promise<boolean>;
  readonly reviewIncident: (incident: string, held: boolean, text: string) => Promise<boolean>;
  readonly addAction: (incident: string, text: string, owner: string, dueInMs: number | null) => Promise<boolean>;
  readonly changeAction: (
    incident: string,
    action: string,
    owner: string,
    dueInMs: number | null,
    reason: string,
  ) => Promise<boolean>;
  readonly closeAction: (incident: string, action: string, done: boolean, text: string) => Promise<boolean>;
  readonly startEscalation: (subject: string, from: EscalationFrom, critical: boolean) => Promise<boolean>;
  readonly acknowledgeEscalation: (escalation: string) => Promise<boolean>;
  readonly advanceEscalation: (escalation: string) => Promise<boolean>;
  readonly postponeEscalation: (escalation: string, byMs: number, reason: string) => Promise<boolean>;
  readonly resolveEscalation: (escalation: string, sentence: string) => Promise<boolean>;
  /** It went back without War Room: when (UTC epoch ms), and who did it. */
  readonly reportRollback: (at: number, who: string, reason: string) => Promise<boolean>;
  /** A detail of the run: what stands there already is corrected with a reason. */
  readonly giveDetail: (detail: GivenDetail & { readonly reason: string | null }) => Promise<boolean>;
};

type Taken = (call: Promise<unknown>) => Promise<boolean>;

export const incidentActions = (
  { incidents, escalation, details, rollback }: Client,
  runId: RunId,
  taken: Taken,
): IncidentActions => ({
  openIncident: async (title, severity, from, escalate) => {
    let opened: string | null = null;
    const call = incidents.open({ runId, title, severity, from, escalate });
    await taken(call.then(({ incident }) => (opened = incident)));
    return opened;
  },
  noteIncident: (incident, text, corrects) => taken(incidents.note({ runId, incident, text, corrects })),
  gradeIncident: (incident, severity, reason) => taken(incidents.grade({ runId, incident, severity, reason })),
  nameCause: (incident, cause) => taken(incidents.nameCause({ runId, incident, cause })),
  resolveIncident: (incident, sentence) => taken(incidents.resolve({ runId, incident, sentence })),
  reopenIncident: (incident, reason) => taken(incidents.reopen({ runId, incident, reason })),
  reviewIncident: (incident, held, text) => taken(incidents.review({ runId, incident, held, text })),
  addAction: (incident, text, owner, dueInMs) => taken(incidents.addAction({ runId, incident, text, owner, dueInMs })),
  changeAction: (incident, action, owner, dueInMs, reason) =>
    taken(incidents.changeAction({ runId, incident, action, owner, dueInMs, reason })),
  closeAction: (incident, action, done, text) => taken(incidents.closeAction({ runId, incident, action, done, text })),
  startEscalation: (subject, from, critical) => taken(escalation.start({ runId, subject, from, critical })),
  acknowledgeEscalation: (id) => taken(escalation.acknowledge({ runId, escalation: id })),
  advanceEscalation: (id) => taken(escalation.advance({ runId, escalation: id })),
  postponeEscalation: (id, byMs, reason) => taken(escalation.postpone({ runId, escalation: id, byMs, reason })),
  resolveEscalation: (id, sentence) => taken(escalation.resolve({ runId, escalation: id, sentence })),
  reportRollback: (at, who, reason) => taken(rollback.report({ runId, at, who, reason })),
  giveDetail: (detail) => taken(details.give({ runId, ...detail })),
});
