import { expect, test } from 'vitest';
import { parseRunbook } from '../runbook/parse.ts';
import { languageOf } from './language.ts';

const of = (text: string): string => languageOf({ name: 'r.md', sha256: '', text, runbook: parseRunbook(text) });

test.each([
  ['---\nlang: de-at\n---\n# Auslieferung\n\n- [ ] Sagen, wann\n', 'de-AT'],
  ['# Mise en production\n\n**Language**: fr\n\n## Avant\n\n- [ ] Prévenir\n', 'fr'],
  ['---\nlang: no such tongue!\n---\n# Ship\n\n- [ ] It\n', 'en'],
  ['# リリース\n\n- [ ] データベースを確認する `kubectl get pods`\n', 'ja'],
  ['# 部署清单\n\n- [ ] 检查数据库备份\n', 'zh'],
  ['# النشر\n\n- [ ] تحقق من النسخ الاحتياطي قبل النشر\n', 'ar'],
  ['# Ship it\n\n- [ ] Check the 部署 page, and the button that says النشر\n', 'en'],
  ['', 'en'],
])('%j is in %s', (text, language) => {
  expect(of(text)).toBe(language);
});
