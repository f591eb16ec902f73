import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { WarRoomError } from '../../shared/errors.ts';
import { lanModes, mostHours } from '../../shared/lan/contract.ts';
import type { LanState } from '../../shared/lan/contract.ts';
import type { LanDeps, LanLink } from '../lan-link.ts';
import { openSettings } from '../store/settings.ts';
import { fingerprintOf, makeCertificate } from './lan-certificate.ts';
import { serveLan } from './lan-server.ts';
import { openLanKey } from './lan-key.ts';
import type { LanServer } from './lan-server.ts';
import { openViewers, viewerSchema } from './lan-viewers.ts';
import type { LanViewers } from './lan-viewers.ts';
import { readPages, wallPages } from './pages.ts';

/** What a restart needs to go on: screens find the same port, the same certificate and their own cookie. */
const linkSchema = z.object({
  mode: z.enum(lanModes),
  address: z.string(),
  port: z.number().int(),
  /** UTC epoch ms. */
  until: z.number(),
  /** As PEM; null where nothing is encrypted. Its key lies elsewhere. */
  cert: z.string().nullable(),
  viewers: z.array(viewerSchema),
});
type Kept = z.output<typeof linkSchema>;
type Open = { readonly kept: Kept; readonly server: LanServer; readonly viewers: LanViewers };

const lookMs = 1_000;

/** Where this machine can be reached, the network's addresses first. */
const ownAddresses = (): LanState['addresses'] =>
  Object.entries(networkInterfaces())
    .flatMap(([name, list]) => (list ?? []).map((each) => ({ ...each, name })))
    // An address that is only good together with a name of the interface can't stand in a browser's line.
    .filter(({ address }) => !/^fe80:/iv.test(address))
    .toSorted(
      (a, b) => Number(a.internal) - Number(b.internal) || Number(a.family === 'IPv6') - Number(b.family === 'IPv6'),
    )
    .map(({ address, name, internal }) => ({
      address,
      label: internal ? `${address} (this machine only)` : `${address} (${name})`,
    }));

const isOwn = (address: string): boolean =>
  /^127(?:\.\d{1,3}){3}$/v.test(address) || ownAddresses().some((own) => own.address === address);

/** The link of the network: off until it is switched on, and off again with the last open run or after its hours. */
export const openLan =
  (folder: string) =>
  ({ dataDir, clock, log, watching, openRuns, secrets }: LanDeps): LanLink => {
    const file = openSettings(
      join(dataDir, 'lan.json'),
      z.object({ link: linkSchema.nullable() }),
      { link: null },
      log,
    );
    const ownKey = openLanKey(dataDir, secrets);
    let open: Open | null = null;
    let busy: Promise<void> = Promise.resolve();

    /** One after the other: a link that closes must be gone before the next one takes its port. */
    const inTurn = (job: () => Promise<void>): Promise<void> => {
      const done = busy.then(job);
      busy = done.catch(() => {});
      return done;
    };
    const drop = async (): Promise<void> => {
      if (file.get('link') !== null) file.set('link', null);
      await ownKey.forget();
    };
    const shut = async (forGood: boolean): Promise<void> => {
      const was = open;
      open = null;
      await Promise.all([forGood ? drop() : undefined, was?.server.close()]);
    };
    const raise = async (kept: Kept, key: string | null): Promise<void> => {
      const viewers = openViewers({
        now: clock.now,
        until: kept.until,
        redacted: kept.mode === 'plain',
        known: kept.viewers,
        keep: (next) => {
          const link = file.get('link');
          if (link !== null) file.set('link', { ...link, viewers: [...next] });
        },
      });
      const { address, port, until, cert } = kept;
      const certificate = cert === null || key === null ? null : { cert, key };
      const pages = wallPages(readPages(folder));
      const served = { router: watching, log };
      const server = await serveLan({ served, pages, viewers, now: clock.now, until, address, port, certificate });
      open = { kept: { ...kept, port: server.port }, server, viewers };
      file.set('link', open.kept);
    };
    const resume = async (): Promise<void> => {
      const kept = file.get('link');
      if (kept === null || open !== null) return;
      if (kept.until <= clock.now() || !isOwn(kept.address)) return drop();
      if (kept.mode === 'plain') return raise(kept, null);
      const key = kept.cert === null ? null : await ownKey.read();
      if (key !== null) return raise(kept, key);
      log.error('the key of the link is gone: it opens with a new certificate, which every screen has to accept again');
      const made = await makeCertificate(kept.address, clock.now(), kept.until);
      await ownKey.keep(made.key);
      await raise({ ...kept, cert: made.cert }, made.key);
    };
    // The link goes with the last open run; after a start the runs take a moment to open again.
    const begun = clock.monotonic();
    const look = (): void => {
      if (open !== null && (open.kept.until <= clock.now() || openRuns() === 0)) void inTurn(() => shut(true));
      else if (open === null && file.get('link') !== null) {
        if (openRuns() > 0)
          void inTurn(resume).catch((cause: unknown) => {
            log.error('the link of the network could not be opened again', cause);
            return drop();
          });
        else if (clock.monotonic() - begun > 60_000) void inTurn(drop);
      }
    };
    const timer = setInterval(look, lookMs);
    // Of a link that ended while nobody could clear up after it.
    if (file.get('link') === null) void inTurn(() => ownKey.forget());

    return {
      state: () => ({
        addresses: ownAddresses(),
        link:
          open === null
            ? null
            : {
                mode: open.kept.mode,
                origin: open.server.origin,
                fingerprint: open.kept.cert === null ? null : fingerprintOf(open.kept.cert),
                until: open.kept.until,
                code: open.viewers.code(),
                guesses: open.viewers.guesses(),
                viewers: open.viewers.list().map(({ id, address, since }) => ({
                  ...{ id, address, since },
                  watching: open?.server.present().has(id) === true,
                })),
              },
      }),
      open: ({ mode, address, hours }) =>
        inTurn(async () => {
          if (openRuns() === 0)
            throw new WarRoomError('not-allowed', 'No run is open: there is nothing for a wall to show yet.');
          if (!isOwn(address))
            throw new WarRoomError(
              'bad-input',
              `${address} is not an address of this machine. Choose one of the list.`,
            );
          await shut(true);
          const until = clock.now() + Math.min(hours, mostHours) * 3_600_000;
          const made = mode === 'tls' ? await makeCertificate(address, clock.now(), until) : null;
          if (made !== null) await ownKey.keep(made.key);
          await raise({ mode, address, port: 0, until, cert: made?.cert ?? null, viewers: [] }, made?.key ?? null);
          open?.viewers.newCode();
        }),
      close: () => inTurn(() => shut(true)),
      newCode: () => open?.viewers.newCode(),
      revoke: (viewer) => open?.server.revoke(viewer),
      shutdown: () => {
        clearInterval(timer);
        return inTurn(() => shut(false));
      },
    };
  };
