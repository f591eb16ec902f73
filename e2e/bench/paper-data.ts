import { createRouterClient } from '@orpc/server';
import type { Client } from '../../shared/contract.ts';
import type { NewEvent, RunId } from '../../shared/events.ts';
import { createEngine } from '../../electron/engine.ts';

const quiet = { info: () => undefined, error: () => undefined };
const perSection = 40;
const batch = 500;

/** A made-up checklist; each item has an id of its own in its words. */
const documentOf = (items: number): string =>
  Array.from({ length: Math.ceil(items / perSection) }, (_, section) => {
    const own = Array.from({ length: Math.min(perSection, items - section * perSection) }, (__, at) => {
      const id = String(section * perSection + at).padStart(5, '0');
      return `- [ ] Step ID${id}: look at what it says and write down what you see`;
    });
    return `## Phase ${section + 1}\n\n${own.join('\n')}\n`;
  }).join('\n');

/** A run of so many items with so many notes each, all of them ticked; its data folder is closed again. */
export const bigRun = async (dataDir: string, items: number, notes: number): Promise<RunId> => {
  const engine = await createEngine({ dataDir, version: '0', runbooks: '', log: quiet, backing: false });
  try {
    const operator = () => ({ name: 'Ada', role: null });
    const caller = { id: 'bench', grant: 'operate', via: 'served', operator, identify: () => undefined } as const;
    const client: Client = createRouterClient(engine.router, { context: { caller, log: quiet } });
    const { runId } = await client.runs.start({
      runbook: { name: 'big.md', text: `# A long day\n\n${documentOf(items)}` },
      target: { name: 'big.yaml', text: 'version: 1\nservice: shop\nenvironment: staging\n' },
      ...{ release: '1', plannedT0: null },
    });
    const room = engine.rooms.open(runId);
    const by = { kind: 'person', name: 'Ada', role: null, via: 'desk' } as const;
    const said = room.checklist().items.flatMap(({ id }): readonly NewEvent[] => [
      { type: 'item-ticked', body: { item: id, value: 'seen' } },
      ...Array.from({ length: notes }, (_, at): NewEvent => ({
        type: 'item-noted',
        body: {
          item: id,
          text: `Note ${at + 1}: the value was inside its lines, and nobody had to do anything.`,
        },
      })),
    ]);
    for (let from = 0; from < said.length; from += batch) room.append(by, said.slice(from, from + batch));
    return runId;
  } finally {
    await engine.close();
  }
};
