const longest = 64;

/** FNV-1a over UTF-16 units: tells two long texts with the same beginning apart; nothing rests on its strength. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}

const ascii = /^[\x20-\x7e]*$/u;

const wideSlug = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’]/gu, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/gu, '');

/** Lower-case words of any script joined by "-". Long texts end in a hash of the whole, so that their ends still count. */
export function slugOf(text: string): string {
  const slug = ascii.test(text)
    ? text
        .toLowerCase()
        .replace(/'/gu, '')
        .replace(/[^a-z0-9]+/gu, '-')
        .replace(/^-|-$/gu, '')
    : wideSlug(text);
  if (slug === '') return 'unnamed';
  if (slug.length <= longest) return slug;
  const cut = slug.lastIndexOf('-', longest);
  return `${slug.slice(0, cut > longest / 2 ? cut : longest)}-${shortHash(slug)}`;
}

/**
 * Gives out ids that nothing else carries. The first use of some words keeps the plain slug, so that a repeat added
 * further down changes nothing; a repeat is told apart by where it stands, and only then by an ordinal.
 */
export function idBook(): (slug: string, place?: string) => string {
  const taken = new Set<string>();
  const take = (id: string): boolean => {
    if (taken.has(id)) return false;
    taken.add(id);
    return true;
  };
  const ordinals = new Map<string, number>();
  return (slug, place) => {
    if (take(slug)) return slug;
    const placed = place === undefined ? slug : `${slug}~${place}`;
    if (placed !== slug && take(placed)) return placed;
    // Remembered per stem, or a document of equal lines would be counted up again for each of them.
    let ordinal = ordinals.get(placed) ?? 2;
    while (!take(`${placed}~${ordinal}`)) ordinal++;
    ordinals.set(placed, ordinal + 1);
    return `${placed}~${ordinal}`;
  };
}
