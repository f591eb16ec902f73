import { app, dialog } from 'electron';
import type { Leaving } from '../../shared/rollback/leaving.ts';

const buttons = ['Stay', 'Quit all the same'];
/** Whoever quits twice means it: also a system that shuts down, and a person in a hurry. */
const meantMs = 60_000;

/**
 * Asks before the app goes while a plan is under way. A quit that comes while the question stands, or within a minute of
 * it, is not asked about again: nobody is ever kept from ending the app. `stay` brings a window back.
 */
export const askBeforeLeaving = (underWay: () => Leaving | null, stay: () => void): void => {
  let asked: { readonly rollback: string; readonly at: number } | null = null;
  app.on('before-quit', (event) => {
    const leaving = underWay();
    if (leaving === null) return;
    if (asked?.rollback === leaving.rollback && performance.now() - asked.at < meantMs) return;
    asked = { rollback: leaving.rollback, at: performance.now() };
    event.preventDefault();
    const { message, detail } = leaving;
    const question = {
      type: 'warning' as const,
      title: 'War Room',
      message,
      detail: `${detail}\n\nQuitting once more within a minute goes without this question.`,
      buttons,
      // Enter and Escape both stay.
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    };
    void dialog.showMessageBox(question).then(({ response }) => (response === 1 ? app.quit() : stay()));
  });
};
