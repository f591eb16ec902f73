import type { RunContext } from '../shared/contract.ts';

export type RunLink = { readonly host: string; readonly label: string; readonly url: string };

/** The document's dashboards and the target's links: https only, each once, with the host that is said before it is opened. */
export const linksOf = ({ runbook, target }: Pick<RunContext, 'runbook' | 'target'>): readonly RunLink[] => {
  const all = [...runbook.links.map(({ text, url }) => ({ label: text, url })), ...target.links];
  const secure = all.filter(({ url }) => url.startsWith('https://') && URL.canParse(url));
  return [...new Map(secure.map((link) => [link.url, link])).values()].map(({ label, url }) => ({
    host: new URL(url).host,
    label: label.startsWith('http') ? '' : label,
    url,
  }));
};
