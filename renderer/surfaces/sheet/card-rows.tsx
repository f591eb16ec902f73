import type { ReactNode } from 'react';
import { authorityLabel } from '../../../shared/rollback/authority.ts';
import { cardPlan } from '../../../shared/sheet/rollback-card.ts';
import type { CardPlan } from '../../../shared/sheet/rollback-card.ts';
import { wrapCode } from '../../../shared/sheet/wrap.ts';
import { formatSpan, formatValue } from '../../../shared/format.ts';
import { sameWords } from '../../../shared/target/bind.ts';
import { beyond } from '../../../shared/target/line.ts';
import type { Target } from '../../../shared/target/schema.ts';
import { CodeLines } from './fence.tsx';
import type { Row } from './flow.ts';
import { ownHeading } from './heading.tsx';
import type { SheetScope } from './scope.ts';
import type { SheetFold } from './sheet-fold.ts';

export type Fact = readonly [label: string, value: ReactNode];

/** Short facts beside each other; null leaves a line to write on. */
export const factsRow = (key: string, facts: readonly Fact[]): Row => ({
  key,
  area: 'portrait',
  className: 'facts',
  body: facts.map(([label, value]) => (
    <p key={label}>
      <small>{label}</small>
      <span dir="auto">{value ?? <span className="blank" data-size="words" />}</span>
    </p>
  )),
});

const authorityOf = (scope: SheetScope, target: Target | null): string => {
  if (target === null) return 'Engineering Lead';
  const label = authorityLabel(target);
  const contact = scope.data.contacts.find(({ role }) => sameWords(role) === sameWords(label));
  return [label, contact?.name, contact?.phone].filter((part) => part !== undefined && part !== '').join(' · ');
};

const placeFacts = (scope: SheetScope, fold: SheetFold | null): readonly Fact[] => {
  const { target } = scope.data;
  const place = target?.rollback?.kubernetes;
  const newest = fold?.rollbacks.rollbacks.findLast(({ proposed }) => proposed.purpose === 'rollback');
  return [
    ['Service', target?.service ?? null],
    ['From', newest?.proposed.from ?? fold?.room.started?.release ?? null],
    ['Back to', newest?.proposed.to ?? target?.rollback?.to ?? null],
    ['Who says so', authorityOf(scope, target)],
    ['Context', place?.context ?? null],
    ['Namespace', place?.namespace ?? null],
    ['Cluster (kube-system UID)', fold?.rollbacks.pinned?.identity ?? place?.identity ?? null],
    ['Said at · by', null],
  ];
};

const alerts = (target: Target | null): readonly string[] =>
  Object.values(target?.metrics ?? {}).flatMap(({ label, alert, critical, unit, digits }) => {
    if (alert === undefined || !critical) return [];
    const { op, value } = beyond(alert);
    return [`${label} ${op} ${formatValue(value, unit, digits)}`];
  });

const questions = [
  'Is it a critical failure?',
  'Can it be fixed in less than 30 minutes?',
  'Does the old code work on the database as it is now?',
];

const asking = (scope: SheetScope): readonly Row[] => {
  const when = alerts(scope.data.target);
  return [
    ownHeading('card-decide', 'Decide'),
    ...(when.length === 0
      ? []
      : [
          {
            key: 'card-when',
            area: 'portrait',
            className: 'paper-prose',
            body: <p>Think of it when one of these holds: {when.join('; ')}.</p>,
          } as const,
        ]),
    ...questions.map((question): Row => ({
      key: `card-${question}`,
      area: 'portrait',
      className: 'card-question',
      body: (
        <p>
          {question} <span className="grow" />
          <span className="option">
            <span className="box" /> Yes
          </span>
          <span className="option">
            <span className="box" /> No
          </span>
        </p>
      ),
    })),
  ];
};

const stepRows = (scope: SheetScope, plan: CardPlan): readonly Row[] =>
  plan.steps.map(({ label, command, limitMs }, at) => ({
    key: `card-step-${at}`,
    area: 'portrait',
    className: 'card-step',
    body: (
      <>
        <div className="item-line">
          <span className="box" />
          <span className="paper-number">{at + 1}</span>
          <span className="line">{label}</span>
          <span className="who">
            {formatSpan(limitMs)} at most · done at <i className="rule" />
          </span>
        </div>
        {command !== null && <CodeLines lines={wrapCode(command, scope.columns)} />}
      </>
    ),
  }));

const reading = (scope: SheetScope, { look, read }: CardPlan): readonly Row[] =>
  read.length === 0
    ? []
    : [
        {
          key: 'card-read',
          area: 'portrait',
          className: 'card-read',
          keep: true,
          body: (
            <>
              <p>Read first, and write these in where the commands name them:</p>
              {look !== null && <CodeLines lines={wrapCode(look, scope.columns)} />}
              <div className="facts">
                {read.map(({ name, what }) => (
                  <p key={name}>
                    <small>{what}</small>
                    <span>
                      {name} = <span className="blank" data-size="number" />
                    </span>
                  </p>
                ))}
              </div>
            </>
          ),
        },
      ];

const planRows = (scope: SheetScope, plan: CardPlan | null): readonly Row[] => {
  if (plan === null)
    return [
      ownHeading('card-steps', 'Steps'),
      {
        key: 'card-none',
        area: 'portrait',
        className: 'paper-prose',
        body: (
          <p>
            No target says how to roll back. The document&rsquo;s own commands stand in its rollback phase; read them
            with the remarks of <code>war-room check</code> before you type them.
          </p>
        ),
      },
    ];
  const source = plan.frozen ? 'as the preflight of this run froze them' : 'by the plan of the target';
  return [ownHeading('card-steps', 'Steps', source), ...reading(scope, plan), ...stepRows(scope, plan)];
};

/** One page to go back by hand: what, where, who says so, and each command as it is typed. */
export const rollbackRows = (scope: SheetScope, fold: SheetFold | null): readonly Row[] => [
  factsRow('card-facts', placeFacts(scope, fold)),
  ...asking(scope),
  ...planRows(scope, cardPlan(scope.data.target, fold?.rollbacks ?? null)),
];
