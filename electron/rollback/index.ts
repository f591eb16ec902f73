import type { StepKind } from './step.ts';
import { askStep } from './steps/ask.ts';
import { commandStep } from './steps/command.ts';
import { httpStep } from './steps/http.ts';
import { kubernetesStep } from './steps/kubernetes.ts';
import { noticeStep } from './steps/notice.ts';
import { scriptStep } from './steps/script.ts';
import { waitStep } from './steps/wait.ts';

/** Every kind of step. A new one is a file in steps/ and a line here. */
export const stepKinds: readonly StepKind[] = [
  commandStep,
  scriptStep,
  httpStep,
  kubernetesStep,
  waitStep,
  noticeStep,
  askStep,
];
