import { spawnSync } from 'node:child_process';

/**
 * Sends a signal to a whole process group, or with 0 only asks whether there is one; false where there is none left. On
 * Windows the tree below the process goes.
 */
export const endGroup = (pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean => {
  if (process.platform === 'win32')
    return signal !== 0 && spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { windowsHide: true }).status === 0;
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false; // No such group: it ended by itself.
  }
};
