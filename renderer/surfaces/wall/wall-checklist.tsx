import type { WallGate, WallHead, WallPhase } from '../../../shared/wall/head.ts';
import { shortTitle } from '../../outline.ts';
import { Glyph, stateWord } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { Fitting } from './fitting.tsx';
import './wall-checklist.css';

const standings: Readonly<Record<WallPhase['standing'], GlyphName>> = {
  behind: 'done',
  here: 'running',
  ahead: 'open',
};

/** Nothing is under way any more in a run that is over: a phase was done, or it was not. */
const glyphOf = ({ standing, settled, items }: WallPhase, over: boolean): GlyphName =>
  over ? (settled === items ? 'done' : 'open') : standings[standing];

const Phases = ({ phases, over }: { readonly phases: readonly WallPhase[]; readonly over: boolean }) => (
  <section className="wall-panel" aria-label="Phases">
    <Fitting label="Phases" rest={(count) => `and ${count} more`}>
      {phases.map((phase, at) => (
        <div className="wall-line" data-standing={over ? 'behind' : phase.standing} key={at}>
          <Glyph
            name={glyphOf(phase, over)}
            label={over ? (phase.settled === phase.items ? 'done' : 'not done') : phase.standing}
          />
          <span>{shortTitle(phase.title)}</span>
          <b>
            {phase.settled}/{phase.items}
          </b>
        </div>
      ))}
    </Fitting>
  </section>
);

const Items = ({ head }: { readonly head: WallHead }) => (
  <section className="wall-panel" aria-label="Items">
    <h2>{head.itemsLeft === 0 ? 'Nothing open here' : `${head.itemsLeft} open here`}</h2>
    <Fitting label="Items" rest={(count) => `and ${count} more`}>
      {head.items.map((item, at) => (
        <div className="wall-line wall-item" data-current={item.current} data-state={item.state} key={at}>
          <Glyph name={item.state} label={stateWord(item.state)} />
          <span>{item.words}</span>
          {item.value !== '' && <b>{item.value}</b>}
        </div>
      ))}
    </Fitting>
  </section>
);

const votes = { go: ['ok', 'go'], 'no-go': ['fail', 'no-go'], silent: ['open', 'not yet'] } as const;

const Gate = ({ gate }: { readonly gate: WallGate }) => (
  <section className="wall-panel wall-votes" aria-label="Gate">
    <h2>Gate: {shortTitle(gate.title)}</h2>
    <Fitting label="Votes" rest={(count) => `and ${count} more`}>
      {gate.votes.map(({ role, said }) => (
        <div className="wall-line" key={role}>
          <Glyph name={votes[said][0]} />
          <span>{role}</span>
          <b>{votes[said][1]}</b>
        </div>
      ))}
    </Fitting>
  </section>
);

/** The other half of a pair of walls: where the document stands, what is open, and who has said go. */
export const ChecklistWall = ({ head }: { readonly head: WallHead }) => (
  <div className="wall-checklist">
    <div className="wall-checklist-left">
      <Phases phases={head.phases} over={head.closed !== null} />
      {head.gate !== null && <Gate gate={head.gate} />}
    </div>
    <Items head={head} />
  </div>
);
