import type { Brought } from '../app-context.ts';

const largest = 5 * 1024 * 1024;

const decode = (bytes: ArrayBuffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** The text of a file that a person brought, or a sentence why it cannot be taken. What it means is for the app to say. */
export const readDocument = async (file: File): Promise<Brought | { readonly refusal: string }> => {
  if (file.size > largest)
    return {
      refusal: `${file.name} is larger than 5 MiB; a checklist is a text of a few pages. Split it, or take out what is not text.`,
    };
  const bytes = await file.arrayBuffer().catch(() => null);
  if (bytes === null)
    return { refusal: `${file.name} could not be read. A folder cannot be opened; drop the file itself.` };
  if (new Uint8Array(bytes).includes(0))
    return { refusal: `${file.name} is not a text file. Drop a Markdown checklist or a YAML target.` };
  // The byte order mark stays: an export gives the document back byte by byte.
  const text = decode(bytes);
  if (text === null) return { refusal: `${file.name} is not UTF-8. Save it as UTF-8 and drop it again.` };
  return { kind: /\.ya?ml$/iu.test(file.name) ? 'target' : 'runbook', name: file.name, text };
};
