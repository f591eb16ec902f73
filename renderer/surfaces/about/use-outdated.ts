import { useEffect } from 'react';
import { useApp } from '../../app-context.ts';
import { isOutdated } from '../../outdated.ts';
import { useStore } from '../../store.ts';

const sentence =
  'War Room was updated while this page was open. Reload the page: until then it may show things wrongly.';

/** An app that comes back may be another version. Whoever sits here may have something half typed: they are told, and reload themselves. */
export const useOutdated = (): void => {
  const { connection, notices } = useApp();
  const live = useStore(connection.state, ({ kind }) => kind === 'live');
  useEffect(() => {
    if (live && location.protocol.startsWith('http'))
      void isOutdated().then((old) => old && notices.say(sentence, 'fail'));
  }, [live, notices]);
};
