import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, statSync, statfsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { WarRoomError } from '../../shared/errors.ts';

/** Magic numbers of network file systems as Linux' statfs(2) gives them. */
const networkTypes = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x73757245, 'Coda'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
]);
const fuse = 0x65735546;

/** Names of network file systems in a mount table; FUSE and macOS give no number that tells. */
const networkNames =
  /^(?:nfs\d?|cifs|smb\w*|afpfs|webdav|9p|davfs|fuse\.(?:sshfs|rclone|s3fs|gcsfuse|davfs2?|glusterfs|cephfs|google-drive-ocamlfuse))$/v;

/** Folders that a program copies to other machines file by file, which tears a database apart. */
const synced =
  /^(?:OneDrive(?: - .+)?|Dropbox(?: \(.+\))?|Google ?Drive|iCloud ?Drive|Mobile Documents|CloudStorage|Box Sync|pCloud ?Drive|Nextcloud|ownCloud)$/iv;

const unescaped = (path: string): string =>
  path.replaceAll(/\\(?<octal>[0-7]{3})/gv, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** The file system type of the mount that holds a path, from `/proc/self/mounts` or the output of macOS' mount. */
export const mountedType = (table: string, path: string): string | null => {
  let best = { point: '', type: null as string | null };
  for (const line of table.split('\n')) {
    const { linux, linuxType, mac, macType } =
      /^\S+ (?<linux>\/\S*) (?<linuxType>\S+) |^.+ on (?<mac>\/.*) \((?<macType>[^,\)]+)/v.exec(line)?.groups ?? {};
    const point = linux === undefined ? mac : unescaped(linux);
    const holds = point !== undefined && (path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`));
    if (holds && point.length >= best.point.length) best = { point, type: linuxType ?? macType ?? null };
  }
  return best.type;
};

/** The network file system that a folder lies on, by its number or by the mount that holds it; null on a local one. */
export const networkBy = (type: number | null, dir: string, mounts: () => string): string | null => {
  if (type !== null && type !== fuse) return networkTypes.get(type) ?? null;
  const name = mountedType(mounts(), dir);
  return name !== null && networkNames.test(name) ? name : null;
};

const networkOf = (dir: string): string | null => {
  if (process.platform === 'win32') return dir.startsWith('\\\\') ? 'a network share' : null;
  return process.platform === 'linux'
    ? networkBy(statfsSync(dir).type, dir, () => readFileSync('/proc/self/mounts', 'utf8'))
    : networkBy(null, dir, () => execFileSync('/sbin/mount', { encoding: 'utf8', timeout: 2_000 }));
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const made = (dataDir: string): string => {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!statSync(dataDir).isDirectory()) throw new WarRoomError('bad-input', notFolder(dataDir));
    return realpathSync.native(dataDir);
  } catch (error) {
    if (error instanceof WarRoomError) throw error;
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR')
      throw new WarRoomError('bad-input', notFolder(dataDir), { cause: error });
    throw unwritable(dataDir, error);
  }
};

const notFolder = (dataDir: string): string =>
  `"${dataDir}" is a file, not a folder. Name a folder for the data with --data.`;

const unwritable = (dataDir: string, cause: unknown): WarRoomError =>
  new WarRoomError(
    'unavailable',
    codeOf(cause) === 'ENOSPC'
      ? `The disk that holds "${dataDir}" is full. Free some space, then start War Room again.`
      : `War Room cannot write in "${dataDir}" (${codeOf(cause)}). Make the folder writable, or name another with --data.`,
    { cause },
  );

/** By its name alone, before anything is made there. */
export const refuseSynced = (dir: string): void => {
  const share = dir.split(sep).find((name) => synced.test(name));
  if (share !== undefined)
    throw new WarRoomError(
      'bad-input',
      `"${dir}" lies in "${share}", which is synced to other machines and would damage the history. Name a local folder with --data.`,
    );
};

/**
 * Makes the data folder if needed and answers its real path. Refuses a file, a folder that can't be written, a network
 * file system and a folder that is synced to a cloud: SQLite's write-ahead log is safe on none of those.
 */
export const usableFolder = (dataDir: string): string => {
  const dir = made(dataDir);
  refuseSynced(dir);
  const network = networkOf(dir);
  if (network !== null)
    throw new WarRoomError(
      'bad-input',
      `"${dir}" is on a network file system (${network}), where the history can be lost. Name a local folder with --data.`,
    );
  const probe = join(dir, `.write-check-${process.pid}`);
  try {
    closeSync(openSync(probe, 'w', 0o600));
    rmSync(probe);
  } catch (error) {
    throw unwritable(dir, error);
  }
  return dir;
};
