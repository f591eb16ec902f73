import { expect, it } from 'vitest';
import { parseRunbook } from '../runbook/parse.ts';
import { bindItems } from './bind.ts';
import { parseTarget } from './parse.ts';
import { joinedRemarks } from './remarks.ts';

/** A phase of ten steps of which a target marks so many. */
const remarks = (killers: number) => {
  const runbook = parseRunbook(
    `# A\n## One\n${Array.from({ length: 10 }, (_, at) => `- [ ] Step ${at}\n`).join('')}## Two\n- [ ] Other\n`,
  );
  const marked = Array.from({ length: killers }, (_, at) => `  - { item: Step ${at}, by: human, killer: true }\n`);
  const { target } = parseTarget(`version: 1\nservice: s\nenvironment: staging\nbindings:\n${marked.join('')}`);
  return joinedRemarks(runbook, bindItems(runbook, target ?? expect.fail('no target')).bound);
};

it('says where more than nine items of a phase are for people to acknowledge', () => {
  expect(remarks(9)).toEqual([]);
  expect(remarks(10)).toMatchObject([{ line: 2, code: 'too-many-killers', message: expect.stringContaining('10') }]);
});
