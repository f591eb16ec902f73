import type { Resource } from './objects.ts';

/** What one request is answered with; a body that is text goes out as it is. */
export type Answer = { readonly status: number; readonly body: unknown };

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  500: 'InternalError',
};

/** A refusal in the words of the Kubernetes API: a Status object, which kubectl turns into its own sentence. */
export const refusal = (code: number, message: string, details: object = {}): Answer => ({
  status: code,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: reasons[code] ?? 'Unknown',
    details,
    code,
  },
});

export const fullName = ({ plural, group }: Resource): string => (group === '' ? plural : `${plural}.${group}`);

export const notFound = (resource: Resource, name: string): Answer =>
  refusal(404, `${fullName(resource)} "${name}" not found`, { name, group: resource.group, kind: resource.plural });
