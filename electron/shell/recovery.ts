import { dialog } from 'electron';
import type { WarRoomError } from '../../shared/errors.ts';
import { setAside } from '../store/database.ts';
import { planRecovery, recover, sayRecovery } from '../store/recovery.ts';

/**
 * The damaged history, before there is any window: what can be had back, and what to do. Nothing is touched before a
 * person chose, and the damaged bytes are kept whatever they choose. False: they would rather look for themselves.
 */
export const offerRecovery = async (dataDir: string, damage: WarRoomError): Promise<boolean> => {
  const plan = planRecovery(dataDir);
  const buttons = ['Quit', 'Begin anew', ...(plan.until === null ? [] : ['Go on from the backup'])];
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'War Room',
    message: 'The history of this desk is damaged',
    detail: `${damage.message}\n\n${sayRecovery(plan)}\n\nThe damaged file is moved to a folder of its own beside it, and never deleted.`,
    buttons,
    defaultId: buttons.length - 1,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1) setAside(dataDir);
  if (response === 2) recover(dataDir);
  return response > 0;
};
