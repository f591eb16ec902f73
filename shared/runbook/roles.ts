import type { PhaseRole } from './model.ts';

/** Most telling first: "Post-Deployment Sign-Off" is a sign-off, "Rollback verification" a rollback. */
const roles: readonly (readonly [RegExp, PhaseRole])[] = [
  [
    /roll[- ]?back|roll[- ]?forward|back[- ]?out|revert|ロールバック|切り?戻し|回滚|回滾|回退|롤백|ripristino|rücksetz|zurücksetz|zurückroll|retour (?:en )?arrière|reversión|reversão|vuelta atrás|откат/iu,
    'rollback',
  ],
  [
    /sign[- ]?off|final (?:approval|validation|deployment approval)|approvals?\b|close[- ]?out|承認|验收|승인|freigabe|abnahme|aprobación|aprovação|approbation/iu,
    'sign-off',
  ],
  [
    /monitor|observ|hyper-?care|watch(?:ing)?\b|監視|监控|모니터링|überwachung|surveillance|monitoreo|monitorização|мониторинг/iu,
    'monitoring',
  ],
  [
    /\bpre[- ]?(?:deploy|release|launch|flight|prod|go-?live|requisite|merge|check)|prerequisite|prepar|planning|readiness|before (?:you|deploy|releas|merg|start|the)|事前|(?:リリース|デプロイ|本番|部署|发布|上线)前|准备|준비|preparazione|vorbereitung|préparation|preparación|preparação|подготовка/iu,
    'pre-deployment',
  ],
  [
    /post[- ]?(?:deploy|release|launch|go-?live)|verif|validat|smoke|\btest(?:s|ing)?\b|sanity|health check|after deploy|確認|验证|检查|(?:リリース|デプロイ|部署|发布|上线)[后後]|확인|überprüf|vérification|verifica|проверка/iu,
    'verification',
  ],
  [
    /deploy|releas|launch|go-?live|roll-?out|publish|cut-?over|migrat|promot|execut|ship|install|デプロイ|部署|发布|上线|リリース|배포|durchführung|bereitstellung|déploiement|despliegue|implantação|развертывание/iu,
    'deployment',
  ],
];

/** The role a heading's words give it; 'other' when they give none. */
export const roleOf = (title: string): PhaseRole => roles.find(([pattern]) => pattern.test(title))?.[1] ?? 'other';

/** Parts people read rather than work through, whatever lists they hold. */
const reading =
  /troubleshoot|trouble[- ]?shooting|reference|contact|escalat|\bnotes?\b|support|resource|\blinks?\b|dashboard|overview|summary|background|\babout\b|purpose|template|won['’]?t do|out of scope|\bfaq\b|glossary|appendix|changelog|history|common issues|known issues|example|scenario|tuning|configuration options|environment details|metrics to|impact|architecture|トラブル/iu;
const working =
  /check-?lists?|\bchecks?\b|steps?\b|procedure|process|instructions|how to|to-?dos?|tasks?\b|runbook|チェック|手順/iu;

/** Parts to read: reference, contacts, templates, what went wrong before. */
export const isReading = (title: string): boolean => reading.test(title);

type Ask = {
  readonly title: string;
  /** The titles of the headings above and of the part itself, without the document's own title. */
  readonly words: string;
  readonly docTitle: string;
  readonly documentHasTasks: boolean;
  readonly partHasTasks: boolean;
};

/**
 * Whether lists without boxes are steps here. A team that uses boxes anywhere means them, so only the parts that call
 * themselves a checklist are read further; without any box, the words of the headings decide.
 */
export function infersLists({ title, words, docTitle, documentHasTasks, partHasTasks }: Ask): boolean {
  if (partHasTasks || reading.test(words) || (documentHasTasks && title === docTitle)) return false;
  if (documentHasTasks) return /check-?list|\bsteps?\b|procedure|手順/iu.test(title) || roleOf(title) === 'rollback';
  return working.test(words) || roleOf(words) !== 'other' || (title === docTitle && working.test(docTitle));
}
