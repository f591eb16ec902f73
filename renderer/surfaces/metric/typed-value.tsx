import { useId, useState } from 'react';
import type { ProbeSpec } from '../../../shared/target/schema.ts';
import { useRoom } from '../room/room-context.tsx';
import './typed-value.css';

type Asked = {
  readonly unit: string;
  readonly least: number | null;
  readonly most: number | null;
  readonly choices: readonly string[];
};

const numberIn = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** What a probe asks of a person, from its own params; the app has checked them when the target was read. */
const askedBy = ({ with: own }: ProbeSpec): Asked => ({
  unit: typeof own['unit'] === 'string' ? own['unit'] : '',
  least: numberIn(own['least']),
  most: numberIn(own['most']),
  choices: textsIn(own['choices']),
});

const limits = ({ least, most, unit }: Asked): string => {
  const words =
    least !== null && most !== null
      ? `${least} to ${most}`
      : least !== null
        ? `from ${least}`
        : most !== null
          ? `up to ${most}`
          : '';
  return [words, unit].filter((word) => word !== '').join(' ');
};

/** Why a text is not taken; empty where it is. The app asks the same again. */
const wrongWith = ({ least, most }: Asked, text: string): string => {
  if (!/^[-+]?\d+(?:\.\d+)?$/u.test(text)) return 'Type a number, such as 87.5';
  if (least !== null && Number(text) < least) return `Not below ${least}`;
  return most !== null && Number(text) > most ? `Not above ${most}` : '';
};

const Choices = ({
  asked,
  label,
  send,
}: {
  readonly asked: Asked;
  readonly label: string;
  readonly send: (value: string) => void;
}) => (
  <div className="typed" role="group" aria-label={label}>
    {asked.choices.map((choice) => (
      <button key={choice} onClick={() => send(choice)}>
        {choice}
      </button>
    ))}
  </div>
);

/** The number or the choice that a person gives a probe which asks for one, with its unit and limits. */
export const TypedValue = ({ probe, spec }: { readonly probe: string; readonly spec: ProbeSpec }) => {
  const { actions } = useRoom();
  const id = useId();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const asked = askedBy(spec);
  const wrong = text.trim() === '' ? '' : wrongWith(asked, text.trim());
  const send = (value: string): void => {
    setBusy(true);
    void actions.typeValue(probe, value).then((taken) => {
      setBusy(false);
      if (taken) setText('');
    });
  };
  if (asked.choices.length > 0) return <Choices asked={asked} label={spec.label} send={send} />;
  return (
    <form
      className="typed"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && wrong === '' && text.trim() !== '') send(text.trim());
      }}
    >
      <input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        aria-label={`${spec.label}${asked.unit === '' ? '' : ` in ${asked.unit}`}`}
        aria-describedby={`${id}-hint`}
        aria-invalid={wrong !== ''}
        placeholder={asked.unit === '' ? 'a number' : asked.unit}
        value={text}
        maxLength={40}
        onChange={(event) => setText(event.target.value)}
      />
      <button disabled={busy || wrong !== '' || text.trim() === ''}>Set</button>
      <small id={`${id}-hint`} data-wrong={wrong !== ''}>
        {wrong === '' ? limits(asked) : wrong}
      </small>
    </form>
  );
};
