import { userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Grant } from '../shared/calls.ts';
import { WarRoomError } from '../shared/errors.ts';
import { createEngine } from './engine.ts';
import { openLan } from './host/lan.ts';
import { serveWeb } from './host/web.ts';
import { stderrLog } from './log.ts';
import type { Log } from './log.ts';
import { fileDrawer } from './print/file.ts';
import { chromiumPrinter } from './print/pdf.ts';
import { openSettings } from './store/settings.ts';

export type ServeOptions = {
  readonly dataDir: string;
  readonly version: string;
  /** Without one: the port of the last time, so that open pages find their way back, or a free one if that is taken. */
  readonly port?: number;
  /** Starts a practice run, or goes on with the open one. */
  readonly practice?: boolean;
  /** The built pages; by default where the build puts them. */
  readonly pages?: string;
  readonly log?: Log;
};

export type Served = {
  /** With a pairing code that works once. */
  readonly url: string;
  readonly dataDir: string;
  readonly invite: (grant: Grant) => string;
  readonly close: () => Promise<void>;
};

const root = join(import.meta.dirname, '..');
const settingsSchema = z.object({ port: z.number().int().min(0).max(65_535) });

/** A machine may know no name for the user that this runs as. */
const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
};

/** The whole app behind loopback HTTP and WebSocket. Throws a WarRoomError where the folder or the port can't be had. */
export const serve = async ({
  dataDir,
  version,
  port,
  practice = false,
  pages = join(root, 'dist/renderer'),
  log = stderrLog,
}: ServeOptions): Promise<Served> => {
  const engine = await createEngine({
    dataDir,
    version,
    runbooks: join(root, 'shared/runbooks'),
    log,
    printPdf: chromiumPrinter(pages),
    drawFiles: fileDrawer(join(root, 'dist/paper')),
    lan: openLan(pages),
  });
  try {
    const settings = openSettings(join(dataDir, 'served.json'), settingsSchema, { port: 0 }, log);
    const open = (on: number) => serveWeb({ engine, dataDir, port: on, pages, operator: userName() });
    const host = await open(port ?? settings.get('port')).catch((cause: unknown) => {
      if (port === undefined && cause instanceof WarRoomError && cause.code === 'in-use') return open(0);
      throw cause;
    });
    if (host.port !== settings.get('port')) settings.remember('port', host.port);
    if (practice) await engine.rooms.practice({ kind: 'app' });
    return {
      url: host.invite('operate'),
      dataDir,
      invite: host.invite,
      close: async () => {
        await host.close();
        await engine.close();
      },
    };
  } catch (cause) {
    await engine.close();
    throw cause;
  }
};
