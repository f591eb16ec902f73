import { useDeferredValue, useMemo, useState } from 'react';
import type { ReferenceCommand } from '../../../shared/commands/reference.ts';
import { formatCount } from '../../../shared/format.ts';
import { BackToItem } from '../room/back-to-item.tsx';
import { useRoom } from '../room/room-context.tsx';
import { CommandEntry } from './command-entry.tsx';
import { useReference } from './use-commands.ts';

const wordsOf = (command: ReferenceCommand): string =>
  [command.title, command.heading, command.text, ...command.instead.map(({ text }) => text)].join(' ').toLowerCase();

/** Every word must be found somewhere: "redis ping" and "ping redis" are the same question. */
const fits = (command: ReferenceCommand, wanted: string): boolean => {
  const words = wordsOf(command);
  return wanted
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => words.includes(word));
};

const Group = ({ heading, commands }: { readonly heading: string; readonly commands: readonly ReferenceCommand[] }) => {
  const { actions } = useRoom();
  const item = commands[0]?.item ?? null;
  return (
    <section className="section" aria-label={heading}>
      <header className="section-head">
        <h2>{heading === '' ? 'Without a heading' : heading}</h2>
        <span className="grow" />
        {item !== null && (
          <button className="quiet" onClick={() => void actions.focus(item)}>
            To the item
          </button>
        )}
        <span className="section-count">{formatCount(commands.length, 'command')}</span>
      </header>
      {commands.map((command) => (
        <CommandEntry key={command.id} command={command} titled />
      ))}
    </section>
  );
};

/** The document's commands in one place: found by any word, copied, or run with what would happen said first. */
export const CommandsPane = () => {
  const all = useReference();
  const [wanted, setWanted] = useState('');
  const asked = useDeferredValue(wanted.trim());
  const groups = useMemo(
    () => [
      ...Map.groupBy(
        all.filter((command) => fits(command, asked)),
        ({ heading }) => heading,
      ),
    ],
    [all, asked],
  );
  const found = groups.reduce((sum, [, own]) => sum + own.length, 0);
  return (
    <div className="phase commands">
      <header className="phase-head">
        <h1>Commands</h1>
        <span className="grow" />
        <BackToItem />
      </header>
      <search className="cmd-search">
        <input
          type="search"
          aria-label="Find a command"
          placeholder="Find: a word of the command, its title or heading"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <span className="muted small" role="status">
          {asked === '' ? formatCount(all.length, 'command') : `${found} of ${formatCount(all.length, 'command')}`}
        </span>
      </search>
      {all.length === 0 && <p className="muted">This document holds no commands.</p>}
      {all.length > 0 && found === 0 && <p className="muted">No command holds these words.</p>}
      {groups.map(([heading, commands]) => (
        <Group key={heading} heading={heading} commands={commands} />
      ))}
    </div>
  );
};
