import { useState } from 'react';
import { gateStanding } from '../../../shared/gate-rules.ts';
import type { Blocker, GateStanding } from '../../../shared/gate-rules.ts';
import { holds } from '../../../shared/gates.ts';
import type { Voter } from '../../../shared/gates.ts';
import { rolledBackAt } from '../../../shared/incidents/aftermath.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { useNow } from '../../now.ts';
import { shortTitle } from '../../outline.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { gateSightOf } from '../../run-plan.ts';
import { clockMinute, span } from '../../words.ts';
import { Advice, adviceWord } from '../compare/advice.tsx';
import { useJudgement } from '../compare/use-judgement.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { comparing, patch, rollingBack } from '../room/room-ui.ts';
import { GateDecision } from './gate-decision.tsx';
import './clock.css';

const blockersShown = 8;

const stateWords: Readonly<Record<GateStanding['state'], string>> = {
  ahead: 'It is not time for this gate yet.',
  open: 'Every role says go or no-go; then a person decides. Nothing passes by itself.',
  stopped: 'A no-go stands: the run stops here until whoever said it says go, with a reason.',
  extended: 'Extended: it comes up again.',
  rollback: 'A rollback was decided here.',
  passed: 'This gate is behind you.',
  bypassed: 'This gate was bypassed by two people.',
};

const BlockerLine = ({ blocker }: { readonly blocker: Blocker }) => {
  const { ui, actions } = useRoom();
  const { item, words } = blocker;
  const title = useRun(({ outline }) => (item === null ? '' : (outline.words.get(item) ?? item)));
  if (item === null) return <li>{words}</li>;
  const go = (): void => {
    patch(ui, { dialog: null });
    void actions.focus(item);
  };
  return (
    <li>
      <button className="plain blocker" onClick={go}>
        {title}
      </button>
      <span className="muted"> {words}</span>
    </li>
  );
};

const Blockers = ({ blockers }: Pick<GateStanding, 'blockers'>) =>
  blockers.length === 0 ? (
    <p className="row">
      <Glyph name="ok" /> Nothing is in the way.
    </p>
  ) : (
    <section aria-label="In the way">
      <h3>In the way: {blockers.length}</h3>
      <ul className="blockers">
        {blockers.slice(0, blockersShown).map((blocker) => (
          <BlockerLine key={`${blocker.item ?? ''}${blocker.words}`} blocker={blocker} />
        ))}
        {blockers.length > blockersShown && <li className="muted">and {blockers.length - blockersShown} more</li>}
      </ul>
    </section>
  );

type Asking = { readonly role: string; readonly go: boolean } | null;
type VoteProps = {
  readonly standing: GateStanding;
  readonly voter: Voter;
  readonly ask: (asking: Asking) => void;
};

const VoteLine = ({ standing, voter, ask }: VoteProps) => {
  const { actions, operator, operates } = useRoom();
  const practice = useRun(({ room }) => room.started?.practice === true);
  const { gate, view, state } = standing;
  const vote = view.votes.get(voter.role);
  const may = operates && (practice || voter.role === 'operator' || holds(voter, operator));
  const open = state === 'open' || state === 'stopped' || state === 'extended';
  const glyph: GlyphName = vote === undefined ? 'open' : vote.go ? 'done' : 'fail';
  return (
    <li className="vote">
      <Glyph name={glyph} label={vote === undefined ? 'silent' : vote.go ? 'go' : 'no-go'} />
      <span>
        <b>{voter.label}</b>
        <small>
          {vote === undefined
            ? voter.people.join(', ') || 'has not spoken'
            : `${vote.go ? 'go' : 'no-go'} by ${actorName(vote.by)}, ${clockMinute(vote.at)}${vote.reason === null ? '' : `: ${vote.reason}`}`}
        </small>
      </span>
      {open && may && vote?.go !== true && (
        <button
          onClick={() =>
            vote === undefined
              ? void actions.vote(gate.id, voter.role, true, null)
              : ask({ role: voter.role, go: true })
          }
        >
          Go
        </button>
      )}
      {open && may && vote?.go !== false && (
        <button onClick={() => ask({ role: voter.role, go: false })}>No-go…</button>
      )}
    </li>
  );
};

const Votes = ({ standing }: { readonly standing: GateStanding }) => {
  const { actions } = useRoom();
  const voters = useRun((view) => view.voters);
  const [asking, ask] = useState<Asking>(null);
  return (
    <section aria-label="Votes">
      <h3>Go or no-go</h3>
      <ul className="votes">
        {voters.map((voter) => (
          <VoteLine key={voter.role} standing={standing} voter={voter} ask={ask} />
        ))}
      </ul>
      {asking !== null && (
        <ReasonForm
          key={`${asking.role} ${asking.go}`}
          label={asking.go ? 'Why the no-go no longer holds' : 'Why it is a no-go'}
          action={asking.go ? 'Say go' : 'Say no-go'}
          onCancel={() => ask(null)}
          onSend={(reason) => actions.vote(standing.gate.id, asking.role, asking.go, reason)}
        />
      )}
    </section>
  );
};

const newest = { baseline: null, week: false } as const;

/** What the numbers speak for now, beside the decision that rests on them; it is written down with the decision. */
const Verdict = ({ standing }: { readonly standing: GateStanding }) => {
  const { ui } = useRoom();
  const looked = useJudgement(newest);
  const given = useRun(({ verdicts }) => verdicts.verdicts.findLast(({ gate }) => gate?.id === standing.gate.id));
  const over = standing.state === 'passed' || standing.state === 'bypassed' || standing.state === 'rollback';
  const shown = over ? given : looked.kind === 'here' ? looked.value : undefined;
  return (
    <>
      {shown === undefined ? (
        <p className="muted small" role="status">
          {looked.kind === 'refused' ? looked.sentence : over ? 'No verdict was given here.' : 'Judging…'}
        </p>
      ) : (
        <Advice judgement={shown} most={2} />
      )}
      <p className="row small">
        {given !== undefined && (
          <span className="muted">
            On record for this gate at {clockMinute(given.at)}: {adviceWord(given)}, digest {given.digest.slice(0, 12)}.
          </span>
        )}
        <span className="grow" />
        <button className="plain blocker" onClick={() => patch(ui, { dialog: null, turnedTo: comparing })}>
          Every metric, with its points
        </button>
      </p>
    </>
  );
};

/** The decision alone moves nothing: it is carried out here, or people say that they did it without War Room. */
const AfterDecision = () => {
  const { ui } = useRoom();
  const done = useRun(({ rollbacks, room }) => rolledBackAt(rollbacks, room.clock) !== null);
  const outside = useRun(({ rollbacks }) => rollbacks.outside !== null);
  return (
    <>
      {!done && (
        <button className="danger" onClick={() => patch(ui, { dialog: null, turnedTo: rollingBack })}>
          Carry out the rollback…
        </button>
      )}
      {(!done || outside) && (
        <button className="quiet" onClick={() => patch(ui, { dialog: { kind: 'outside' } })}>
          {outside ? 'It was rolled back outside: correct…' : 'It was rolled back outside…'}
        </button>
      )}
    </>
  );
};

/** One gate: what is in its way, who says go, and the decision, which a person takes. */
export const GateDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const { ui, operates } = useRoom();
  const view = useRun((run) => run);
  const now = useNow();
  const sight = gateSightOf(view, now);
  const gate = sight.plan.gates.find((candidate) => candidate.id === id);
  if (gate === undefined) return null;
  const standing = gateStanding(gate, sight);
  const until = standing.view.passage?.kind === 'decided' ? standing.view.passage.untilMs : null;
  const again = standing.state === 'extended' && until !== null ? ` In ${span(until - sight.now)}.` : '';
  return (
    <Dialog title={`Gate: ${shortTitle(gate.title)}`} lead={`${stateWords[standing.state]}${again}`} onClose={onClose}>
      <div className="stack">
        <Blockers blockers={standing.blockers} />
        <Votes standing={standing} />
        {operates && (standing.state === 'stopped' || standing.state === 'rollback') && (
          <p className="row">
            {standing.state === 'rollback' && <AfterDecision />}
            <button
              className="quiet"
              onClick={() =>
                patch(ui, {
                  dialog: {
                    kind: 'open-incident',
                    from: { kind: 'gate', id: gate.id },
                    title: `No-go: ${shortTitle(gate.title)}`,
                  },
                })
              }
            >
              Open an incident…
            </button>
          </p>
        )}
        {gate.kind === 'moment' && standing.state !== 'ahead' && <Verdict standing={standing} />}
        <GateDecision standing={standing} onClose={onClose} />
      </div>
    </Dialog>
  );
};
