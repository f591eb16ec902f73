import { actorName } from '../../../shared/projections/timeline.ts';
import type { Signed } from '../../../shared/projections/sign-off.ts';
import { drawnHeight, drawnWidth } from '../../../shared/sign-off/events.ts';
import { signOffPlan, signOffStages, stageWords } from '../../../shared/sign-off/lines.ts';
import type { SignOffLine, SignOffPlan, SignOffStage } from '../../../shared/sign-off/lines.ts';
import type { Row } from './flow.ts';
import { ownHeading } from './heading.tsx';
import type { SheetScope } from './scope.ts';
import type { SheetFold } from './sheet-fold.ts';

const hows: Readonly<Record<Signed['how']['kind'], string>> = {
  typed: 'by typed name',
  drawn: 'by hand on the screen',
  ink: 'in ink on paper',
};

const Given = ({ scope, signed }: { readonly scope: SheetScope; readonly signed: Signed }) => (
  <>
    <span className="signed-name">
      {signed.how.kind === 'drawn' ? (
        <svg viewBox={`0 0 ${drawnWidth} ${drawnHeight}`} role="img" aria-label={`Signature of ${signed.name}`}>
          <path d={signed.how.path} />
        </svg>
      ) : (
        <span className="signed-space" />
      )}
      <b dir="auto">{signed.name}</b>
      <small>
        {hows[signed.how.kind]}
        {actorName(signed.by) === signed.name ? '' : ` · signed in as ${actorName(signed.by)}`}
      </small>
    </span>
    <span className="signed-when">
      {scope.time(signed.at)}
      <small>
        entry {signed.seq} ·{' '}
        {signed.verdict === null ? 'no verdict given' : `saw verdict ${signed.verdict.slice(0, 16)}`}
      </small>
    </span>
  </>
);

const Open = () => (
  <>
    <span className="signed-name">
      <span className="signed-space" />
      <small>name and signature</small>
    </span>
    <span className="signed-when">
      <span className="signed-space" />
      <small>date and time</small>
    </span>
  </>
);

const lineRow = (scope: SheetScope, line: SignOffLine, signed: Signed | undefined): Row => ({
  key: `sign-${line.id}`,
  area: 'portrait',
  className: 'sign-row',
  keep: true,
  body: (
    <>
      <span className="sign-role" dir="auto">
        {line.role}
      </span>
      {signed === undefined ? <Open /> : <Given scope={scope} signed={signed} />}
    </>
  ),
});

const day = 86_400_000;

const when = (stage: SignOffStage, { interimMs, lastRoundMs }: SignOffPlan): string => {
  if (stage === 'authorise') return 'before the deployment';
  const ms = stage === 'interim' ? interimMs : lastRoundMs;
  if (ms === null) return 'at the end';
  const words = ms > day ? `${Math.round(ms / day)} days` : `${Math.round(ms / 3_600_000)} hours`;
  return stage === 'interim' ? `${words} after T-0` : `after the last round, ${words} after T-0`;
};

/** Every line to sign with what was signed on it; an open one is a line for ink. Each stage stays on one page. */
export const signatureRows = (scope: SheetScope, fold: SheetFold | null): readonly Row[] => {
  const plan = fold?.signOff ?? signOffPlan(scope.data.document.runbook);
  return signOffStages.flatMap((stage) => {
    const lines = plan.lines.filter((line) => line.stage === stage);
    if (lines.length === 0) return [];
    const rows = lines.map((line) => lineRow(scope, line, fold?.signOffs.signed.get(line.id)));
    return [
      ownHeading(`sign-${stage}`, stageWords[stage], when(stage, plan)),
      ...rows.map((row, at) => (at === rows.length - 1 ? { ...row, keep: false } : row)),
    ];
  });
};
