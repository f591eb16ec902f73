import { desktopNotice } from './kinds/desktop.ts';
import { pagerdutyNotice } from './kinds/pagerduty.ts';
import { slackNotice } from './kinds/slack.ts';
import { statuspageNotice } from './kinds/statuspage.ts';
import { webhookNotice } from './kinds/webhook.ts';
import type { NoticeKind } from './notice.ts';

/** Every kind of channel that this version knows: one file and one line here. */
export const noticeKinds: readonly NoticeKind[] = [
  slackNotice,
  pagerdutyNotice,
  statuspageNotice,
  webhookNotice,
  desktopNotice,
];
