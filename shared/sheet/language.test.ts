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
  ['# Розгортання\n\n- [ ] Перевірити резервну копію бази даних і її вік\n', 'uk'],
  ['# Развёртывание\n\n- [ ] Проверить резервную копию базы данных\n', 'ru'],
  ['# استقرار\n\n- [ ] پیش از استقرار پشتیبان پایگاه داده را بررسی کنید\n', 'fa'],
  [
    '# Auslieferung\n\n- [ ] Die Sicherung ist geprüft und nicht älter als ein Tag\n- [ ] Das Team ist informiert\n',
    'de',
  ],
  [
    '# Mise en production\n\n- [ ] Vérifier que la sauvegarde est faite et que les accès sont prêts pour le jour J\n',
    'fr',
  ],
  ['# Despliegue\n\n- [ ] Comprobar que los respaldos están hechos y que el equipo está avisado por correo\n', 'es'],
  [
    '# Release\n\n- [ ] De back-up is gemaakt en niet ouder dan een dag\n- [ ] Het team is op de hoogte van de datum\n',
    'nl',
  ],
  ['# Ship\n\n- [ ] Say "das ist nicht gut und wird die" to the team, and to all of the users that are on it\n', 'en'],
  ['# Ship\n\n- [ ] Run it\n\n```sh\necho der die das und nicht ist mit\n```\n', 'en'],
  ['', 'en'],
])('%j is in %s', (text, language) => {
  expect(of(text)).toBe(language);
});
