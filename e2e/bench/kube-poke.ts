import { request } from 'node:https';

type Config = {
  readonly clusters: readonly { readonly cluster: { readonly server: string; 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
};

/** Merges a change into an object of the practice cluster without kubectl, as some third party would. */
export type Poke = (path: string, change: unknown) => Promise<void>;

/** `kubeconfig` is the practice cluster's own, which is JSON. */
export const pokeOf = (kubeconfig: string): Poke => {
  const { clusters, users } = JSON.parse(kubeconfig) as Config;
  const { server = '', 'certificate-authority-data': ca = '' } = clusters[0]?.cluster ?? {};
  const headers = {
    authorization: `Bearer ${users[0]?.user.token ?? ''}`,
    'content-type': 'application/merge-patch+json',
  };
  return (path, change) =>
    new Promise((resolve, reject) => {
      const sent = request(`${server}${path}`, { method: 'PATCH', headers, ca: Buffer.from(ca, 'base64') }, (answer) =>
        answer.resume().once('end', resolve),
      );
      sent.once('error', reject).end(JSON.stringify(change));
    });
};
