import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { RunId } from '../shared/events.ts';
import { sheetKinds } from '../shared/sheet/model.ts';
import { root } from './fixtures.ts';
import type { StuckRollbacks } from './stuck-rollbacks.ts';

/** The runs that the scenes are laid in: one open, in practice and with an incident, one that is over, and rollbacks that wait for people. */
export type SceneRuns = StuckRollbacks & { readonly open: RunId; readonly closed: RunId; readonly incident: string };

/**
 * One thing that a person can have in front of them. `shows` names its dialog as `dialogsInCode` does, or its surface;
 * `open` gets there from the page at `path`.
 */
export type Scene = {
  readonly shows: string;
  readonly path: (runs: SceneRuns) => string;
  readonly open: (page: Page, runs: SceneRuns) => Promise<void>;
};

/** Every dialog of the code, as "component of file": what a scene has to exist for. */
export const dialogsInCode = (): readonly string[] =>
  readdirSync(join(root, 'renderer'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.tsx') && entry.name !== 'dialog.tsx')
    .flatMap(({ parentPath, name }) => {
      const text = readFileSync(join(parentPath, name), 'utf8');
      return [...text.matchAll(/<Dialog\b|role="(?:alert)?dialog"|<dialog\b|\bpopover=/gu)].map(({ index }) => {
        const [, component = ''] =
          [...text.slice(0, index).matchAll(/^(?:export )?(?:const|function) (\w+)/gmu)].at(-1) ?? [];
        return `${component} of ${name}`;
      });
    });

/** Every surface of the code: what an address can ask for, and what a room can be turned to. */
export const surfacesInCode = (): readonly string[] => {
  const routes = readFileSync(join(root, 'renderer/route.ts'), 'utf8').matchAll(/readonly surface: '(?<name>\w+)'/gu);
  const turns = readFileSync(join(root, 'renderer/surfaces/room/room-ui.ts'), 'utf8').matchAll(/= '\/(?<name>\w+)'/gu);
  return [...routes, ...turns].map(({ groups }) => groups?.['name'] ?? '');
};

const soon = { timeout: 30_000 } as const;
const shown =
  (selector: string): Scene['open'] =>
  (page) =>
    page.locator(selector).first().waitFor(soon);
const dialog = (page: Page) => page.getByRole('dialog').first();
/** Waits for the room, and presses what a person would. */
const keys =
  (...presses: readonly string[]): Scene['open'] =>
  async (page) => {
    await page.locator('[aria-current="step"]').first().waitFor(soon);
    for (const press of presses) await page.keyboard.press(press);
  };
const key =
  (press: string): Scene['open'] =>
  async (page, runs) => {
    await keys(press)(page, runs);
    await dialog(page).waitFor(soon);
  };
/** Does something in the room by its name in the palette. */
const choose =
  (words: string): Scene['open'] =>
  async (page, runs) => {
    await keys('Control+k')(page, runs);
    await page.keyboard.type(words);
    // What can be done follows from the run's entries, which may still come in.
    await page.getByRole('option', { name: words }).first().waitFor(soon);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Go to' }).waitFor({ state: 'detached', ...soon });
  };
const byPalette =
  (words: string): Scene['open'] =>
  async (page, runs) => {
    await choose(words)(page, runs);
    await dialog(page).waitFor(soon);
  };
const press = async (page: Page, name: string | RegExp, within = 'body'): Promise<void> =>
  page.locator(within).getByRole('button', { name }).first().click(soon);
/** One after the other, and at the end a dialog. */
const then =
  (...steps: readonly Scene['open'][]): Scene['open'] =>
  async (page, runs) => {
    for (const step of steps) await step(page, runs);
    await dialog(page).waitFor(soon);
  };
const click =
  (name: string | RegExp, within?: string): Scene['open'] =>
  (page) =>
    press(page, name, within);
/** To the room of a rollback that was proposed. */
const toRollback: Scene['open'] = async (page, runs) => {
  // One that runs or is held comes first by itself; it takes the whole window.
  await page.locator('.rb-steps, [aria-current="step"]').first().waitFor(soon);
  if (await page.locator('.rb-steps').isVisible()) return;
  // One that is over gives way to the next one there.
  await choose(page.url().includes(runs.locked) ? 'propose a rollback' : 'open the rollback')(page, runs);
  await page.locator('.rb-steps').waitFor(soon);
};
/** Goes to the first item on which a key opens what it should. */
const onItem =
  (press: string, title: RegExp): Scene['open'] =>
  async (page, runs) => {
    await keys('.')(page, runs);
    for (let at = 0; at < 60; at++) {
      await page.keyboard.press(press);
      if (await page.getByRole('dialog', { name: title }).isVisible()) return;
      await page.keyboard.press('Escape');
      await page.keyboard.press('j');
      await page.waitForTimeout(250);
    }
    throw new Error(`No item on which ${press} opens ${String(title)}.`);
  };

const room = ({ open }: SceneRuns): string => `/#run=${open}`;
const runs = (): string => '/';
const sheet = ({ open }: SceneRuns): string => `/#sheet=${open}&show=sign-off`;
const inRoom = (shows: string, open: Scene['open']): Scene => ({ shows, path: room, open });

const surfaces: readonly Scene[] = [
  { shows: 'runs', path: runs, open: shown('.runs-main') },
  inRoom('room', shown('[aria-current="step"]')),
  { shows: 'target', path: ({ open }) => `/#target=${open}`, open: shown('main:not(.page-message)') },
  { shows: 'target', path: () => '/#target', open: shown('main') },
  ...sheetKinds.map((kind): Scene => ({
    shows: 'sheet',
    path: ({ open }) => `/#sheet=${open}&show=${kind}`,
    open: shown('.sheet-desk[aria-busy="false"]'),
  })),
  { shows: 'room', path: ({ closed }) => `/#run=${closed}`, open: shown('.room:not(.room-loading) main') },
  { shows: 'room', path: ({ open }) => `/#run=${open}&at=5`, open: shown('.room:not(.room-loading) main') },
  ...['', '&show=metrics', '&show=checklist'].map((show): Scene => ({
    shows: 'wall',
    path: ({ open }) => `/wall#wall=${open}&inches=55${show}`,
    open: shown('.wall-live'),
  })),
  { shows: 'wall', path: ({ closed }) => `/wall#wall=${closed}&inches=55`, open: shown('.wall-live') },
  { shows: 'wall', path: ({ open }) => `/wall#wall=${open}`, open: shown('.wall-setup') },
  { shows: 'gallery', path: () => '/?gallery', open: shown('.gallery') },
  ...['failed', 'unknown', 'very-long'].map((outbox): Scene => ({
    shows: 'gallery',
    path: () => `/?gallery=calm&notices=${outbox}`,
    open: shown('.outbox'),
  })),
  inRoom('compare', keys('b')),
  inRoom('rounds', keys('t')),
  inRoom('alarms', keys('a')),
  inRoom('commands', keys('l')),
  inRoom('notices', choose('notices')),
  inRoom('rollback', choose('propose a rollback')),
  ...(['undecided', 'guarded', 'locked'] as const).map((stuck): Scene => ({
    shows: 'rollback',
    path: (all) => `/#run=${all[stuck]}`,
    open: toRollback,
  })),
];

const dialogs: readonly Scene[] = [
  inRoom('HelpDialog of run-dialogs.tsx', key('?')),
  inRoom('Palette of palette.tsx', key('Control+k')),
  inRoom('LinksDialog of links-dialog.tsx', key('w')),
  inRoom('List of incident-dialogs.tsx', key('i')),
  inRoom('GateDialog of gate-dialog.tsx', key('g')),
  inRoom('IncidentDialog of incident-dialog.tsx', then(key('i'), click(/INC|·/u, '[role="dialog"] .due-lines'))),
  inRoom('EscalationDialog of escalation-dialog.tsx', then(click('Path and contacts…'))),
  inRoom('OpenIncident of open-incident.tsx', byPalette('open an incident')),
  inRoom('OutsideDialog of outside-dialog.tsx', byPalette('rolled back outside')),
  inRoom('Escalate of open-incident.tsx', byPalette('escalate')),
  inRoom('RunNoteDialog of run-dialogs.tsx', byPalette('note on the run')),
  inRoom('CloseDialog of run-dialogs.tsx', byPalette('close this run')),
  inRoom('ProblemsDialog of run-dialogs.tsx', byPalette('remarks on the document')),
  inRoom('IdentifyDialog of identify-dialog.tsx', byPalette('say who you are')),
  inRoom('ShiftDialog of shift-dialog.tsx', byPalette('hand over')),
  inRoom('ContactsDialog of contacts-dialog.tsx', byPalette('contacts')),
  inRoom('DetailsDialog of details-dialog.tsx', byPalette('details of this run')),
  inRoom('MoveDialog of move-dialog.tsx', byPalette('move to another version')),
  inRoom('WallsDialog of walls-dialog.tsx', byPalette('walls')),
  inRoom('About of about-dialog.tsx', byPalette('secrets')),
  inRoom('AppSide of about-dialog.tsx', byPalette('displays')),
  inRoom('T0Dialog of t0-dialog.tsx', byPalette('T-0')),
  inRoom('ItemDialog of item-dialog.tsx', onItem('n', /note/iu)),
  ...(['o', 'd', 'x'] as const).map((press) =>
    inRoom('ItemDialog of item-dialog.tsx', onItem(press, /^(?!Go to|Keys)/u)),
  ),
  inRoom('MetricDialog of metric-dialog.tsx', then(click(/./u, '.tiles'))),
  inRoom('ProbeDialog of metric-dialog.tsx', then(click(/Health/u, '[aria-label="Probes"]'))),
  inRoom('ShelveDialog of shelve-dialog.tsx', then(keys('a'), click('Shelve…'))),
  inRoom('Edit of draft-card.tsx', then(choose('notices'), click('Other words…'))),
  inRoom('BaselineDialog of baseline-dialogs.tsx', then(keys('b'), click(/^Take (?:the|another) baseline…/u))),
  inRoom(
    'PictureDialog of baseline-dialogs.tsx',
    then(
      keys('b'),
      click(/^Take (?:the|another) baseline…/u),
      click('Freeze it', '[role="dialog"]'),
      async (page) => dialog(page).waitFor({ state: 'detached', ...soon }),
      click('Picture of the room'),
    ),
  ),
  inRoom('CommandDialog of command-dialog.tsx', then(keys('l'), click('Run…'))),
  inRoom(
    'ExecutionDialog of command-dialog.tsx',
    then(keys('l'), click('Run…'), click('Run it now', '[role="dialog"]'), (page) =>
      page.getByRole('dialog').getByLabel('Output').waitFor(soon),
    ),
  ),
  { shows: 'VerifyDialog of keeping.tsx', path: runs, open: then(click('Verify…')) },
  {
    shows: 'Found of keeping.tsx',
    path: runs,
    open: then(async (page) => {
      await page.getByRole('searchbox').fill('rehearsal');
      await page.keyboard.press('Enter');
    }),
  },
  { shows: 'RemoveDialog of keeping.tsx', path: runs, open: then(click(/^Remove /u)) },
  { shows: 'BringDialog of bring-dialog.tsx', path: () => '/#target', open: then(click('Paste…')) },
  { shows: 'SignDialog of sign-dialog.tsx', path: sheet, open: then(click(/^Sign as/u)) },
  {
    shows: 'SignPanel of sign-panel.tsx',
    path: sheet,
    open: then(
      click(/^Sign as/u),
      async (page) => {
        const name = page.getByLabel('Your name, in full');
        await name.fill((await name.getAttribute('placeholder')) ?? '');
      },
      async (page) => {
        // The run goes on: a verdict that comes meanwhile is to be looked at first, and then one signs once more.
        const signed = page.getByRole('button', { name: /^Take back/u });
        for (let at = 0; at < 3 && (await signed.count()) === 0; at++) {
          await press(page, /^Sign$/u, '[role="dialog"]');
          await signed.waitFor({ timeout: 10_000 }).catch(() => {});
        }
      },
      click(/^Take back/u, '.sheet-side'),
    ),
  },
  inRoom(
    'BreakGlass of authority.tsx',
    then(choose('propose a rollback'), async (page) => {
      await page.getByLabel('Why go back?').fill('p95 doubled after the release');
      await page.getByRole('button', { name: 'Propose rollback' }).click(soon);
      await page.getByRole('button', { name: 'Break glass…' }).click(soon);
    }),
  ),
  {
    shows: 'Decide of step-decision.tsx',
    path: ({ undecided }) => `/#run=${undecided}`,
    open: then(toRollback, click('It is done')),
  },
  {
    shows: 'Override of step-decision.tsx',
    path: ({ guarded }) => `/#run=${guarded}`,
    open: then(toRollback, click(/^Override the guard/u)),
  },
  {
    shows: 'Lock of rollback.tsx',
    path: ({ locked }) => `/#run=${locked}`,
    open: then(toRollback, click(/^Unlock/u)),
  },
  inRoom('Course of course.tsx', then(choose('open the rollback'), click(/^Drop/u))),
];

export const scenes: readonly Scene[] = [...surfaces, ...dialogs];

/** What only comes up where another spec brings it about, and is looked at with axe there. */
export const elsewhere: Readonly<Record<string, string>> = {
  deploy: 'rollback.spec.ts',
  'NewsSide of about-dialog.tsx': 'desktop-shell.spec.ts',
  'ReadingDialog of reading-dialog.tsx': 'clock.spec.ts',
};
