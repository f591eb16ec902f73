import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, runId, sourceSchema, watch } from '../calls.ts';
import { papers, sheetKinds } from './model.ts';
import type { SheetData } from './model.ts';

/** An IANA zone that this machine knows: the times of a sheet are written in it. */
export const zone = z
  .string()
  .max(80)
  .refine((name) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
    } catch {
      return false;
    }
  }, 'name a time zone, such as Europe/Berlin');

/** `seq` names the last entry that is shown; null is everything so far. */
const ofRun = z.object({ runId, seq: z.number().int().min(1).nullable(), zone });

/** What windows ask for to put on paper; a part of the contract. */
export const sheetContract = {
  read: watch.input(ofRun).output(type<SheetData>()),
  /** A checklist without a run. */
  document: operate
    .input(z.object({ runbook: sourceSchema, target: sourceSchema.nullable(), zone }))
    .output(type<SheetData>()),
  /** The sheet as a PDF, where this machine can make one. */
  pdf: operate
    .input(ofRun.extend({ sheet: z.enum(sheetKinds), paper: z.enum(papers) }))
    .output(type<{ readonly name: string; readonly base64: string }>()),
};
