import { join } from 'node:path';
import { z } from 'zod';
import type { Contact } from '../../shared/contract.ts';
import { sameWords } from '../../shared/target/bind.ts';
import type { Log } from '../log.ts';
import { openSettings } from './settings.ts';

const words = z.string().max(200);
const schema = z.object({
  contacts: z.record(z.string(), z.object({ role: words, name: words, phone: words, slack: words, email: words })),
});

/** The people of this desk by role: filled in once, kept for every run after. */
export type Contacts = {
  readonly all: () => readonly Contact[];
  readonly keep: (contact: Contact) => void;
};

export const openContacts = (dataDir: string, log: Log): Contacts => {
  const settings = openSettings(join(dataDir, 'contacts.json'), schema, { contacts: {} }, log);
  return {
    all: () => Object.values(settings.get('contacts')),
    keep: (contact) => settings.set('contacts', { ...settings.get('contacts'), [sameWords(contact.role)]: contact }),
  };
};
