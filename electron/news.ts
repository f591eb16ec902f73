/** The sections of a changelog above the one of `seen`, as Markdown; null on a first start, or where there are none. */
export const newsSince = (changelog: string, seen: string, version: string): string | null => {
  if (seen === '' || seen === version) return null;
  const sections = changelog.split(/^(?=## )/mu).slice(1);
  const known = sections.findIndex((section) => section.startsWith(`## ${seen}`));
  const fresh = (known === -1 ? sections.slice(0, 1) : sections.slice(0, known)).join('').trim();
  return fresh === '' ? null : fresh;
};
