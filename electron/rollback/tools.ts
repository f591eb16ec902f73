import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, extname, isAbsolute, join } from 'node:path';
import { WarRoomError } from '../../shared/errors.ts';

const isFile = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false; // Not there, or not to be seen: looked for elsewhere.
  }
};

const mayRun = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const candidates = (name: string, path: string): readonly string[] => {
  const ends = process.platform === 'win32' && extname(name) === '' ? ['.exe', '.com'] : [''];
  if (isAbsolute(name)) return ends.map((end) => name + end);
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.flatMap((folder) => ends.map((end) => join(folder, name + end)));
};

/**
 * The absolute path of a program: what is looked at in the preflight is what runs. Throws unavailable where it is
 * missing or can't be executed, and bad-input for a relative path or, on Windows, a batch file, which would put the
 * arguments through a shell.
 */
export const findTool = async (name: string, path = process.env['PATH'] ?? ''): Promise<string> => {
  if (!isAbsolute(name) && /[/\\]/u.test(name))
    throw new WarRoomError('bad-input', `"${name}" depends on the current folder; write the whole path.`);
  if (process.platform === 'win32' && /\.(?:bat|cmd)$/iu.test(name))
    throw new WarRoomError('bad-input', `"${name}" is a batch file: its arguments would pass through a shell.`);
  let present: string | null = null;
  for (const candidate of candidates(name, path)) {
    if (!(await isFile(candidate))) continue;
    if (await mayRun(candidate)) return candidate;
    present ??= await realpath(candidate);
  }
  throw new WarRoomError(
    'unavailable',
    present === null ? `"${name}" is not on this machine's PATH.` : `"${present}" is there, but may not be executed.`,
  );
};
