import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import yauzl from 'yauzl';
import yazl from 'yazl';
import type { Client } from '../../shared/contract.ts';
import type { RecordedEvent, RunId } from '../../shared/events.ts';
import { itemsOf } from '../../shared/runbook/walk.ts';
import { runVerify } from '../cli/verify.ts';
import { createEngine } from '../engine.ts';
import type { Engine } from '../engine.ts';
import { fileDrawer } from '../print/file.ts';
import type { DrawFiles } from '../print/file.ts';
import { chromiumPrinter } from '../print/pdf.ts';
import type { PrintPdf } from '../print/printing.ts';
import { callerOf, quiet } from '../procedures/fixtures/room.ts';
import { sealed } from './format.ts';
import { readBundle, verifyBundle } from './read.ts';

const target = `
version: 1
service: api
environment: staging
probes:
  tickets: { kind: manual, label: Tickets, every: 1s, with: { least: 0, most: 500 } }
metrics:
  opened: { label: Tickets opened, probe: tickets, series: value }
`;

const root = mkdtempSync(join(tmpdir(), 'war-room-bundle-'));
const open: Engine[] = [];
const desk = async (
  name: string,
  printPdf?: PrintPdf,
  drawFiles?: DrawFiles,
): Promise<{ client: Client; dataDir: string; engine: Engine }> => {
  const dataDir = join(root, name);
  const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
  const printing = { ...(printPdf && { printPdf }), ...(drawFiles && { drawFiles }) };
  const engine = await createEngine({ dataDir, version: '0.0.0', runbooks, log: quiet, backing: false, ...printing });
  open.push(engine);
  return {
    client: createRouterClient(engine.router, { context: { caller: callerOf(), log: quiet } }),
    dataDir,
    engine,
  };
};
afterAll(async () => {
  for (const engine of open) await engine.close();
  rmSync(root, { recursive: true, force: true });
});

const start = async (client: Client, words: string, with_ = target): Promise<RunId> => {
  const runbook = { name: 'r.md', text: `# ${words}\n\n## Before\n\n- [ ] Tell the team of ${words}\n- [ ] Breathe\n` };
  const { runId } = await client.runs.start({
    runbook,
    target: { name: 't.yaml', text: with_ },
    release: `2-${words}`,
    plannedT0: null,
  });
  return runId;
};
const noted = (client: Client, runId: RunId, text: string) => client.checklist.note({ runId, item: null, text });
const eventsOf = async (client: Client, runId: RunId, last: (event: RecordedEvent) => boolean) => {
  const all: RecordedEvent[] = [];
  for await (const batch of await client.run.follow({ runId, after: 0 }, { signal: AbortSignal.timeout(15_000) })) {
    all.push(...batch);
    if (all.some(last)) return all;
  }
  return all;
};

let home: Awaited<ReturnType<typeof desk>>;
let away: Awaited<ReturnType<typeof desk>>;
let runId: RunId;
let other: RunId;
let bytes: Buffer;

/** Two runs at once, so that the entries of the one lie between those of the other. */
beforeAll(async () => {
  home = await desk('home');
  away = await desk('away');
  runId = await start(home.client, 'alpha');
  other = await start(home.client, 'beta');
  const { runbook } = await home.client.run.context({ runId });
  await home.client.checklist.tick({ runId, item: itemsOf(runbook)[0]!.id, value: null });
  for (let at = 0; at < 20; at += 1) {
    await noted(home.client, runId, `alpha note ${at}`);
    await noted(home.client, other, `beta secret plan ${at}`);
  }
  await home.client.probes.type({ runId, probe: 'tickets', value: '7' });
  await vi.waitFor(
    async () => {
      const points = await home.client.metrics.history({ runId, metric: 'opened', from: 0, to: 9e15, points: 100 });
      if (points.length === 0) throw new Error('no number was kept yet');
    },
    { timeout: 15_000 },
  );
  await home.client.runs.close({ runId, reason: 'the end of this rehearsal' });
  const bundle = await home.client.audit.bundle({ runId });
  expect(bundle.remark).toMatch(/no printed sheets: this app makes no PDF/u);
  expect(bundle.name).toMatch(/^api-2-alpha-.+\.war-room$/u);
  bytes = Buffer.from(bundle.base64, 'base64');
}, 60_000);

const filesIn = async (zip: Buffer): Promise<Map<string, Buffer>> => {
  const files = new Map<string, Buffer>();
  const opened = await yauzl.fromBufferPromise(zip, { lazyEntries: true });
  await new Promise<void>((resolve, reject) => {
    opened.on('end', resolve);
    opened.on('error', reject);
    opened.on('entry', (entry) => {
      void opened
        .openReadStreamPromise(entry)
        .then(buffer)
        .then((own) => {
          files.set(entry.fileName, own);
          opened.readEntry();
        });
    });
    opened.readEntry();
  });
  return files;
};
const zipOf = async (files: Iterable<readonly [string, Buffer]>): Promise<Buffer> => {
  const zip = new yazl.ZipFile();
  for (const [name, own] of files) zip.addBuffer(own, name);
  zip.end();
  return sealed(await buffer(zip.outputStream));
};

describe('a bundle', () => {
  it('holds the run and nothing of another one', async () => {
    const files = await filesIn(bytes);
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['manifest.json', 'run.md', 'events.jsonl', 'samples.jsonl', 'README.txt']),
    );
    expect(files.get('run.md')?.toString()).toContain('- [x] Tell the team of alpha');
    const all = Buffer.concat([...files.values()]).toString();
    expect(all).toContain('alpha note 19');
    expect(all).not.toMatch(/beta|secret plan/u);
  });

  it('holds, by its own chain and by a head that was printed', async () => {
    const bundle = await readBundle(bytes);
    const { head } = bundle.manifest;
    expect(verifyBundle(bundle, [head])).toMatchObject({ ok: true, head });
    const file = join(root, 'run.war-room');
    writeFileSync(file, bytes);
    const said: string[] = [];
    expect(
      await runVerify([file, '--head', `${head.seq}:${head.hash}`], { out: (text) => said.push(text), err: () => {} }),
    ).toBe(0);
    expect(said.join('')).toMatch(/\d+ entries hold/u);
    expect(
      await runVerify([file, '--head', `${head.seq}:${'0'.repeat(64)}`, '--json'], { out: () => {}, err: () => {} }),
    ).toBe(1);
  });

  it('opens on another machine to be read, with its notes and numbers, and mixes with nothing', async () => {
    const taken = await away.client.audit.import({ base64: bytes.toString('base64') });
    expect(taken.runId).toBe(runId);
    const [listed] = await away.client.runs.list();
    expect(listed).toMatchObject({
      id: runId,
      service: 'api',
      release: '2-alpha',
      outcome: 'stopped',
      imported: { at: expect.any(Number) },
    });
    expect((await away.client.run.context({ runId })).runbook.title).toBe('alpha');
    const events = await eventsOf(away.client, runId, ({ type }) => type === 'bundle-sealed');
    expect(events.filter(({ type }) => type === 'item-noted')).toHaveLength(20);
    expect(
      await away.client.metrics.history({ runId, metric: 'opened', from: 0, to: 9e15, points: 100 }),
    ).toContainEqual([expect.any(Number), 7]);
    expect((await away.client.run.export({ runId })).markdown).toContain('- [x] Tell the team of alpha');
    await expect(noted(away.client, runId, 'not here')).rejects.toThrow('closed');
    await expect(away.client.audit.import({ base64: bytes.toString('base64') })).rejects.toThrow('already');
    await expect(home.client.audit.import({ base64: bytes.toString('base64') })).rejects.toThrow('already');
    expect(await away.client.audit.verify({ heads: [] })).toMatchObject({ ok: true, entries: 0 });
    // It is there again after a restart, and gone when it is forgotten.
    await away.engine.close();
    open.splice(open.indexOf(away.engine), 1);
    away = await desk('away');
    expect(await away.client.runs.list()).toHaveLength(1);
    expect((await away.client.run.context({ runId })).runbook.title).toBe('alpha');
    await away.client.audit.forget({ runId });
    expect(await away.client.runs.list()).toEqual([]);
  });

  it('prints its sheets as the run stood at its own head, whatever people write meanwhile', async () => {
    const heads: number[] = [];
    const busy = await desk('busy', async ({ data }) => {
      heads.push(data.run?.head.seq ?? 0);
      return { pdf: Buffer.from('%PDF-'), remark: null };
    });
    const run = await start(busy.client, 'zeta');
    // One at each of the moments at which the maker of the bundle waits for something.
    const notes = Array.from({ length: 120 }, async (_, at) => {
      for (let moment = 0; moment < at; moment += 1) await Promise.resolve();
      await noted(busy.client, run, `note ${at}`);
    });
    const [{ base64 }] = await Promise.all([busy.client.audit.bundle({ runId: run }), ...notes]);
    const files = await filesIn(Buffer.from(base64, 'base64'));
    const { head } = JSON.parse(files.get('manifest.json')!.toString());
    expect(heads).toEqual([head.seq, head.seq, head.seq]);
  });

  it('carries its sheets as they print, without telephone numbers and credentials; says so where none can be printed', async () => {
    const pages = join(import.meta.dirname, '../../dist/renderer');
    const printing = await desk('printing', chromiumPrinter(pages));
    const contact = { role: 'Engineering Lead', name: 'Grace', phone: '+49 30 901820', slack: '', email: '' };
    await printing.client.people.keepContact(contact);
    const step = {
      timeout: '5m',
      label: 'Say so',
      kind: 'command',
      with: { command: ['psql', 'postgres://a:hunter2-canary@db/x'] },
    };
    const run = await start(
      printing.client,
      'delta',
      `${target}rollback: { to: "1", steps: [${JSON.stringify(step)}] }\n`,
    );
    await noted(printing.client, run, 'a note for the record');
    const wish = { runId: run, paper: 'Letter', zone: 'Europe/Berlin' } as const;
    const { base64, remark } = await printing.client.audit.bundle(wish);
    expect(remark).toBeNull();
    const bundle = await readBundle(Buffer.from(base64, 'base64'));
    const files = await filesIn(Buffer.from(base64, 'base64'));
    const words: Record<string, string> = {};
    for (const name of ['record', 'sign-off', 'rollback']) {
      const file = join(root, `${name}.pdf`);
      writeFileSync(file, files.get(`sheets/${name}.pdf`)!);
      words[name] = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' }).replaceAll(/\s+/gu, ' ');
      expect(words[name]).toContain(`audit head ${bundle.manifest.head.seq} ·`);
      expect(words[name]).toContain('Europe/Berlin');
      expect(words[name]).not.toMatch(/901820|hunter2/u);
    }
    expect(words['record']).toContain('a note for the record');
    expect(words['rollback']).toContain('psql');
    vi.stubEnv('CHROMIUM', join(root, 'no-such-program'));
    const bare = await printing.client.audit.bundle(wish);
    vi.unstubAllEnvs();
    expect(bare.remark).toMatch(/no printed sheets: CHROMIUM names .* can't be run/u);
    expect([...(await filesIn(Buffer.from(bare.base64, 'base64'))).keys()]).not.toContain('sheets/record.pdf');
  }, 90_000);

  it('carries them as HTML where nothing prints, none of it changed unnoticed, without numbers and credentials', async () => {
    const drawing = await desk('drawing', undefined, fileDrawer(join(import.meta.dirname, '../../dist/paper')));
    await drawing.client.people.keepContact({
      role: 'On-Call',
      name: 'Grace',
      phone: '+49 30 901820',
      slack: '',
      email: '',
    });
    const url = 'https://app:hunter2-canary@db.example.com/';
    const links = `environment: staging\nlinks:\n  - { label: Db, url: "${url}" }`;
    const run = await start(drawing.client, 'epsilon', target.replace('environment: staging', links));
    await noted(drawing.client, run, 'a note for the record </style><script>');
    const { base64, remark } = await drawing.client.audit.bundle({ runId: run });
    expect(remark).toBe(
      'The sheets in the bundle are pages for a browser, which prints them: this app makes no PDF by itself.',
    );
    const files = await filesIn(Buffer.from(base64, 'base64'));
    const sheets = [...files].filter(([name]) => name.startsWith('sheets/'));
    expect(sheets.map(([name]) => name)).toEqual([
      'sheets/record.html',
      'sheets/sign-off.html',
      'sheets/rollback.html',
    ]);
    const all = Buffer.concat(sheets.map(([, own]) => own)).toString();
    expect(all).toContain('a note for the record &lt;/style&gt;&lt;script&gt;');
    expect(all).not.toMatch(/901820|hunter2|<script/u);
    expect(verifyBundle(await readBundle(Buffer.from(base64, 'base64'))).ok).toBe(true);
    for (const [name, own] of sheets) {
      const forged = new Map(files).set(name, Buffer.from(own.toString().replace('epsilon', 'omicron')));
      await expect(readBundle(await zipOf(forged))).rejects.toThrow(`"${name}" is not what was put into it.`);
    }
  }, 60_000);

  it('never carries a credential that somebody wrote into a target', async () => {
    const leaky = await start(
      home.client,
      'gamma',
      target.replace(
        'environment: staging',
        'environment: staging\nlinks:\n  - { label: Db, url: "https://app:hunter2-canary@db.example.com/" }',
      ),
    );
    const { base64 } = await home.client.audit.bundle({ runId: leaky });
    const zip = Buffer.from(base64, 'base64');
    expect(Buffer.concat([...(await filesIn(zip)).values()]).toString()).not.toContain('hunter2-canary');
    expect(verifyBundle(await readBundle(zip)).ok).toBe(true);
  });
});

describe('a bundle that was tampered with', () => {
  const refusal = async (zip: Buffer): Promise<string> => {
    try {
      const found = verifyBundle(await readBundle(zip));
      return found.ok ? 'holds' : `${found.seq} ${found.sentence}`;
    } catch (error) {
      return (error as Error).message;
    }
  };
  /** The files with one of them changed, and the manifest made to agree, as somebody clever would. */
  const forged = async (change: (rows: Record<string, unknown>[]) => void): Promise<Buffer> => {
    const files = await filesIn(bytes);
    const rows = files
      .get('events.jsonl')!
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    change(rows);
    const events = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const manifest = JSON.parse(files.get('manifest.json')!.toString());
    const { createHash } = await import('node:crypto');
    manifest.files['events.jsonl'] = {
      bytes: events.length,
      sha256: createHash('sha256').update(events).digest('hex'),
    };
    return zipOf(
      [...files, ['events.jsonl', events], ['manifest.json', Buffer.from(JSON.stringify(manifest))]].reduce(
        (all, [name, own]) => all.set(name as string, own as Buffer),
        new Map<string, Buffer>(),
      ),
    );
  };

  it('with a changed byte, wherever it is, is found', async () => {
    for (let at = 200; at < bytes.length - 100; at += Math.max(1, Math.floor(bytes.length / 60))) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      expect(await refusal(changed), `byte ${at}`).not.toBe('holds');
    }
  });

  it('with a note changed and the manifest made to agree names the entry', async () => {
    let seq = 0;
    const zip = await forged((rows) => {
      const row = rows.find(({ body }) => String(body).includes('alpha note 3'))!;
      seq = Number(row['seq']);
      row['body'] = String(row['body']).replace('note 3', 'note 4');
    });
    expect(await refusal(zip)).toBe(`${seq} Entry ${seq} was changed after it was written.`);
  });

  it('with a note changed, its hash made anew and the next sealed place bent to fit is found all the same', async () => {
    const { hashOf } = await import('../store/chain.ts');
    const zip = await forged((rows) => {
      const at = rows.findIndex(({ body }) => String(body).includes('alpha note 3'));
      const row = rows[at] as never as Parameters<typeof hashOf>[0] & { hash: string };
      Object.assign(row, { body: row.body.replace('note 3', 'note 4') });
      Object.assign(row, { hash: hashOf(row) });
      rows[at + 1]!['prev_hash'] = row.hash;
      expect(rows[at + 1]).not.toHaveProperty('body');
    });
    expect(await refusal(zip)).toMatch(/no later entry says/u);
  });

  it.each([
    [
      'a file that leads out of it',
      async () =>
        zipOf([['ok', Buffer.from('x')]]).then((zip) =>
          Buffer.from(zip.toString('latin1').replaceAll('ok', '..'), 'latin1'),
        ),
      /can't be opened/u,
    ],
    [
      'a file that is no part of one',
      async () => zipOf([...(await filesIn(bytes)), ['run.sh', Buffer.from('rm')]]),
      /no part of one/u,
    ],
    ['no zip', async () => Buffer.from('PK no'), /no zip file/u],
    ['nothing', async () => Buffer.alloc(0), /no zip file/u],
    ['half of it', async () => bytes.subarray(0, bytes.length / 2), /no zip file/u],
    [
      'a newer layout',
      async () => zipOf([['manifest.json', Buffer.from('{"format":"war-room bundle","version":99}')]]),
      /newer War Room/u,
    ],
    ['another zip', async () => zipOf([['manifest.json', Buffer.from('{}')]]), /none of a War Room bundle/u],
  ])('%s is refused with a sentence', async (_, make, sentence) => {
    expect(await refusal(await make())).toMatch(sentence);
  });

  it('a bomb is refused by what it says of itself, and stopped where it lies', async () => {
    const zip = new yazl.ZipFile();
    zip.addBuffer(Buffer.alloc(64 * 1024 ** 2), 'manifest.json');
    zip.end();
    const bomb = await buffer(zip.outputStream);
    expect(bomb.length).toBeLessThan(1024 ** 2);
    const saying = (size: number): Buffer => {
      const own = Buffer.from(bomb);
      own.writeUInt32LE(size, own.indexOf('PK\u0001\u0002') + 24);
      return own;
    };
    expect(await refusal(saying(600 * 1024 ** 2))).toMatch(/more than 512 MiB/u);
    expect(await refusal(bomb)).toMatch(/too large/u);
    // Its list says ten bytes, and it goes on for 64 MiB.
    expect(await refusal(saying(10))).toMatch(/does not unpack/u);
  });
});

/** The files of a folder, at any depth, in which words stand. */
const holding = (folder: string, words: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file).includes(words));

describe('a run that is removed', () => {
  it('goes whole, by its typed release and a reason, and the history says so and holds', async () => {
    const { client, dataDir } = home;
    const reason = 'the customer asked for it';
    await expect(client.audit.remove({ runId: other, release: '2-beta', reason })).rejects.toThrow('is open');
    await client.runs.close({ runId: other, reason: 'the end of this one too' });
    await expect(client.audit.remove({ runId: other, release: '2-alpha', reason })).rejects.toThrow('Type the release');
    const before = await client.audit.verify({ heads: [] });
    expect(holding(dataDir, 'secret plan 7')).not.toEqual([]);
    await client.audit.remove({ runId: other, release: '2-beta', reason });
    const after = await client.audit.verify({ heads: [] });
    expect(before.ok && after).toMatchObject({ ok: true, entries: (before.ok ? before.entries : 0) + 1 });
    expect((await client.runs.list()).map(({ id }) => id)).not.toContain(other);
    await expect(client.run.context({ runId: other })).rejects.toThrow('There is no run');
    expect(holding(dataDir, 'secret plan 7')).toEqual([]);
    // The other run of that time is untouched, and its bundle still holds.
    expect((await client.run.context({ runId })).runbook.title).toBe('alpha');
    const again = await client.audit.bundle({ runId });
    expect(verifyBundle(await readBundle(Buffer.from(again.base64, 'base64'))).ok).toBe(true);
  });
});

describe('search', () => {
  it('finds notes of people and items of documents, over all runs', async () => {
    const hits = await home.client.audit.search({ words: 'alpha' });
    expect(hits.filter(({ kind }) => kind === 'note')).toHaveLength(20);
    expect(hits).toContainEqual(expect.objectContaining({ kind: 'item', text: 'Tell the team of alpha', runId }));
    expect(await home.client.audit.search({ words: 'nowhere said' })).toEqual([]);
  });
});
