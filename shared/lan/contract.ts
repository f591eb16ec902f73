import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate } from '../calls.ts';
import { wallsContract } from '../wall/contract.ts';

/**
 * The link by which screens of the network watch: off until somebody switches it on, and never for longer than the run
 * or `mostHours`.
 */
export const mostHours = 12;

/**
 * tls    encrypted, with a certificate made on the spot that no browser knows: people compare its fingerprint
 * plain  readable by everybody on the network: names and free words are left out
 */
export const lanModes = ['tls', 'plain'] as const;
export type LanMode = (typeof lanModes)[number];

export type LanViewer = {
  readonly id: string;
  readonly address: string;
  /** When it was paired, UTC epoch ms. */
  readonly since: number;
  /** Whether it is connected now. */
  readonly watching: boolean;
};

/** Who has tried too many wrong codes within the last minute. */
export type LanGuesses = {
  /** Not listened to until the minute has passed; others are. */
  readonly addresses: readonly string[];
  /**
   * none     there is no more than that
   * slowed   so many addresses guess that each has one try a minute
   * closed   so many that no code at all is taken until the minute has passed
   */
  readonly crowd: 'none' | 'slowed' | 'closed';
};

export type LanLinkState = {
  readonly mode: LanMode;
  /** "https://192.0.2.7:41213", what a screen opens. */
  readonly origin: string;
  /** Of the certificate, SHA-256 in pairs of hex digits; null without one. */
  readonly fingerprint: string | null;
  /** UTC epoch ms; the end of the last open run ends it earlier. */
  readonly until: number;
  /** Works once. Null after it was used or its time was over: a new one has to be asked for. */
  readonly code: { readonly text: string; readonly ends: number } | null;
  readonly guesses: LanGuesses;
  readonly viewers: readonly LanViewer[];
};

export type LanState = {
  /** Where this machine can be reached. */
  readonly addresses: readonly { readonly address: string; readonly label: string }[];
  readonly link: LanLinkState | null;
};

const done = type<LanState>();

/** What the desk may ask for; a part of the contract. Nothing of it can be asked over the link itself. */
const lanContract = {
  state: operate.output(done),
  open: operate
    .input(
      z.object({
        mode: z.enum(lanModes),
        address: z.string().max(60),
        hours: z.number().min(0.1).max(mostHours, `the link is open for ${mostHours} hours at most`),
      }),
    )
    .output(done),
  close: operate.output(done),
  newCode: operate.output(done),
  revoke: operate.input(z.object({ viewer: z.string().max(60) })).output(done),
};

/** The walls of this desk and the screens of the network. */
export const screenContracts = { wall: wallsContract, lan: lanContract };
