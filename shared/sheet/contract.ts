import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, runId, sourceSchema, watch } from '../calls.ts';
import { zoneSchema } from '../target/terms.ts';
import { papers, sheetKinds } from './model.ts';
import type { SheetData } from './model.ts';

/** `seq` names the last entry that is shown; null is everything so far. */
const ofRun = z.object({ runId, seq: z.number().int().min(1).nullable(), zone: zoneSchema });

/** What windows ask for to put on paper; a part of the contract. */
export const sheetContract = {
  read: watch.input(ofRun).output(type<SheetData>()),
  /** A checklist without a run. */
  document: operate
    .input(z.object({ runbook: sourceSchema, target: sourceSchema.nullable(), zone: zoneSchema }))
    .output(type<SheetData>()),
  /** The sheet as a PDF, where this machine can make one. */
  pdf: operate
    .input(ofRun.extend({ sheet: z.enum(sheetKinds), paper: z.enum(papers) }))
    .output(type<{ readonly name: string; readonly base64: string }>()),
};
