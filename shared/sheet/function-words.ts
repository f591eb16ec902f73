/**
 * The small words of languages in Latin letters: they carry no meaning of their own, so that nearly every sentence has
 * some, while commands and the English words of the trade have none. One letter alone is none either: options and lists
 * are full of them. By BCP 47 tag.
 */
const table: Readonly<Record<string, string>> = {
  en: 'the and to of is for with that are be this not on by from or an it all has have been if in before after any',
  de: 'der die das und nicht ist mit für auf von den dem ein eine werden wird oder sind bei nach im zu vor als nur aus',
  fr: 'le les des et est une du pour dans que pas sur avec au aux sont être cette par ou avant après tous si',
  es: 'el los las es una del para con que por al como está más sin son debe antes después todos si en su',
  pt: 'os uma do da dos das para com não que em ao por são está antes depois deve todos se no na à',
  it: 'il lo gli una di del della dei per con non che sono nel alla deve prima dopo tutti se è da dal',
  nl: 'de het een en van niet op te voor met zijn wordt naar bij dat deze of alle na worden',
  sv: 'och är att det som för med inte på av ett den alla innan efter ska till från',
  da: 'og er at det som for med ikke på af et den alle før efter skal til fra',
  nb: 'og er at det som for med ikke på av et den alle før etter skal til fra',
  fi: 'ja on ei että se kun tai ovat kaikki ennen jälkeen sekä voi',
  pl: 'na nie się jest do że dla oraz po czy przed wszystkie lub są od za jak',
  cs: 'na se je pro že do nebo není před po všechny jsou od jak při',
  hu: 'az és hogy nem egy van vagy minden előtt után kell meg ha',
  ro: 'și este pentru nu cu din care sunt la sau toate înainte după să în',
  tr: 've bir bu için ile olarak değil önce sonra tüm olan da',
  id: 'dan yang untuk dengan tidak ini dari atau sebelum setelah semua pada',
  vi: 'và của là các cho không được một trước sau khi tất cả với trong',
};

const words = Object.entries(table).map(([tag, own]) => [tag, new Set(own.split(' '))] as const);

/** So many in all and so many different ones: names and quotations have a few as well. */
const least = { hits: 5, kinds: 4 } as const;

/** The language whose small words a text holds most of; null where it holds too few of any but English. */
export const languageByWords = (text: string): string | null => {
  const said = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const scores = words.map(([tag, own]) => {
    const hits = said.filter((word) => own.has(word));
    return { tag, hits: hits.length, kinds: new Set(hits).size };
  });
  const english = scores[0]?.hits ?? 0;
  const [first] = scores.toSorted((one, other) => other.hits - one.hits);
  const clear = first !== undefined && first.hits >= least.hits && first.kinds >= least.kinds && first.hits > english;
  return clear ? first.tag : null;
};
