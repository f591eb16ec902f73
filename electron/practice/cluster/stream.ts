import type { ServerResponse } from 'node:http';
import type { Watch } from './api.ts';
import { refusal } from './answers.ts';
import { apiVersionOf, type KubeObject } from './objects.ts';
import type { Change, Store } from './store.ts';

/** Sends a watch as lines of JSON until its time is up or the client goes. */
export const streamWatch = (store: Store, watch: Watch, response: ServerResponse): void => {
  const { resource, namespace, fits, from, show } = watch;
  const shown = new Set<string>();
  const write = (type: string, object: unknown): void => void response.write(`${JSON.stringify({ type, object })}\n`);
  response.writeHead(200, { 'content-type': 'application/json' });
  // A client waits for the head before it can leave, and the first line may be long in coming.
  response.flushHeaders();

  const first = from === null ? [] : store.since(from);
  if (first === null) {
    write('ERROR', refusal(410, 'too old resource version').body);
    response.end();
    return;
  }
  const ours = (object: KubeObject): boolean => namespace === undefined || object.metadata.namespace === namespace;
  // An object that stops fitting the selector looks deleted from here, and one that starts to looks new.
  const pass = ({ plural, type, object }: Change): void => {
    if (plural !== resource.plural || !ours(object)) return;
    const { uid } = object.metadata;
    const visible = type !== 'DELETED' && fits(object);
    if (visible) write(shown.has(uid) || (from !== null && type === 'MODIFIED') ? 'MODIFIED' : 'ADDED', show(object));
    else if (shown.has(uid) || type === 'DELETED') write('DELETED', show(object));
    if (visible) shown.add(uid);
    else shown.delete(uid);
  };

  for (const object of from === null ? store.list(resource.plural, namespace).filter(fits) : []) {
    write('ADDED', show(object));
    shown.add(object.metadata.uid);
  }
  if (watch.bookmark) {
    const metadata = { resourceVersion: String(store.version()), annotations: { 'k8s.io/initial-events-end': 'true' } };
    write('BOOKMARK', { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata });
  }
  for (const change of first) pass(change);
  const stop = store.listen(pass);
  const timer = setTimeout(() => response.end(), watch.seconds * 1_000);
  response.on('close', () => {
    clearTimeout(timer);
    stop();
  });
};
