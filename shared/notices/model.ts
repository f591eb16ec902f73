/** Notices: what the room tells people outside of it, from the draft to its receipt. */

/** What people expect to hear of; a target's rules name these. */
export const occasions = [
  'run-started',
  't0',
  'gate',
  'no-go',
  'deploy',
  'rollback-proposed',
  'break-glass',
  'rollback-ended',
  'recovered',
  'alarm',
  'alarm-acknowledged',
  'alarm-cleared',
  'incident-opened',
  'incident-resolved',
  'escalation',
  'message',
  'handover',
  'runbook-moved',
  'maintenance',
  'sign-off',
  'run-closed',
  'test',
] as const;
export type Occasion = (typeof occasions)[number];

/** What a pager does with it: raise, acknowledge and resolve are about one subject; a change pages nobody; `inform` is for reading. */
export type Verb = 'inform' | 'raise' | 'acknowledge' | 'resolve' | 'change';

/** The life of an announced maintenance on a status page, in the page's own order. */
export type Maintenance = 'scheduled' | 'in_progress' | 'verifying' | 'completed';

/** One thing to tell, before it is known to whom. Pure data: the same event always gives the same. */
export type Message = {
  readonly occasion: Occasion;
  readonly verb: Verb;
  /** Who may read it: the team, or everybody on a status page. */
  readonly audience: 'team' | 'public';
  /** critical: goes out at once, whatever else is being sent. */
  readonly tone: 'info' | 'good' | 'warning' | 'critical';
  /** The role that it is meant for; null for the whole team. */
  readonly to: string | null;
  /** The one thing that raise, acknowledge and resolve agree on: "alarm/checkout-errors", "rollback/3f2a". */
  readonly subject: string;
  readonly title: string;
  readonly text: string;
  /** Service, release, where, when, and the head of the audit chain: below the text. */
  readonly facts: readonly string[];
  /** UTC epoch ms of what happened. */
  readonly at: number;
  readonly practice: boolean;
  readonly maintenance: {
    readonly status: Maintenance;
    /** UTC epoch ms. */
    readonly from: number;
  } | null;
};

/** What one case says; what every message says besides is added at the end. */
export type Said = Pick<Message, 'occasion' | 'title' | 'text'> &
  Partial<Pick<Message, 'verb' | 'tone' | 'to' | 'subject' | 'audience' | 'maintenance'>>;

/**
 * drafted    waits for a person: nothing leaves the desk without a click unless the target says so
 * queued     may leave; waits for its turn or for the next attempt (`sentence` says what the last one met)
 * sending    a request is under way
 * sent       the other end took it
 * failed     the other end refused it for good
 * not-sent   nothing went out, and it is not tried again by itself
 * unknown    it may have gone out: asking again could say it twice
 * discarded  a person decided against it
 */
export const noticeStates = [
  'drafted',
  'queued',
  'sending',
  'sent',
  'failed',
  'not-sent',
  'unknown',
  'discarded',
] as const;
export type NoticeState = (typeof noticeStates)[number];

/** A channel as a target names it; `with` holds references to secrets, never secrets. */
export type Channel = {
  readonly kind: string;
  readonly label: string;
  readonly with: Readonly<Record<string, unknown>>;
};

/** What stands in the outbox: one message for one channel. */
export type Notice = {
  /** The same for the same cause and channel, for ever: nothing is drafted, or sent, twice under one key. */
  readonly key: string;
  readonly runId: string;
  readonly channel: Channel;
  readonly message: Message;
  readonly state: NoticeState;
  /** UTC epoch ms. */
  readonly createdAt: number;
  readonly changedAt: number;
  /** When it is tried next; null where it is not waiting. */
  readonly dueAt: number | null;
  readonly attempts: number;
  /** What the last attempt met; empty before. */
  readonly sentence: string;
  /** What the other end calls it: the thread, the incident, the key it was taken under. */
  readonly receipt: string | null;
  /** Who let it go: a person's name, or "rule". */
  readonly releasedBy: string | null;
  readonly releasedAt: number | null;
};

/** Exactly what would leave, and to where. */
export type Preview = {
  /** "Slack, incoming webhook", "PagerDuty: acknowledge": how it is told. */
  readonly how: string;
  /** The words as the other end shows them. */
  readonly words: string;
  /** The request's body, byte for byte but for what is known only when it is sent; null where none is made. */
  readonly body: string | null;
};

/** All words of a message as plain text, as people read them. */
export const wordsOf = ({ title, text, facts }: Message): string =>
  [title, ...(text === '' ? [] : [text]), ...facts].join('\n');

/** One message for many that came at once; never for those that are critical. */
export const together = (messages: readonly Message[]): Message => {
  const [first] = messages;
  if (first === undefined) throw new Error('nothing to tell');
  if (messages.length === 1) return first;
  const shown = messages.slice(0, mostListed).map(({ title }) => `• ${title.replace(practiceMark, '')}`);
  const more = messages.length - shown.length;
  return {
    ...first,
    tone: messages.some(({ tone }) => tone === 'warning') ? 'warning' : first.tone,
    to: null,
    subject: `flood/${first.subject}`,
    title: `${first.practice ? practiceMark : ''}${messages.length} notices at once`,
    text: [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    facts: messages.at(-1)?.facts ?? [],
  };
};

const mostListed = 20;

export const practiceMark = '[PRACTICE] ';
