import type { Paper } from '../../../shared/sheet/model.ts';
import { recall } from '../../look.ts';

/** Letter where people use it, A4 everywhere else, or what was chosen last. */
export const firstPaper = (): Paper => {
  const kept = recall('paper');
  if (kept === 'A4' || kept === 'Letter') return kept;
  return /-(?:US|CA|MX|PH|CL|CO)$/v.test(navigator.language) ? 'Letter' : 'A4';
};
