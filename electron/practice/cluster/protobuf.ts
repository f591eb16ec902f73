/**
 * kubectl from 1.33 on asks for its rights in Protocol Buffers only. This reads that one message and nothing else; the
 * field numbers are those of k8s.io/api/authorization/v1/generated.proto.
 */

const magic = Buffer.from('k8s\0');
const attributeNames = ['', 'namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'] as const;

/** The length-delimited fields of a message by number; the last of each wins. Null where the bytes are no message. */
const fieldsOf = (bytes: Buffer): ReadonlyMap<number, Buffer> | null => {
  const fields = new Map<number, Buffer>();
  let at = 0;
  const varint = (): number => {
    for (let value = 0, scale = 1; at < bytes.length && scale < 2 ** 35; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return -1;
  };
  while (at < bytes.length) {
    const tag = varint();
    const length = varint(); // In a field that is a number itself, this is that number.
    if (tag < 0 || length < 0) return null;
    if ((tag & 7) === 0) continue;
    if ((tag & 7) !== 2 || at + length > bytes.length) return null;
    fields.set(tag >>> 3, bytes.subarray(at, at + length));
    at += length;
  }
  return fields;
};

/** A SelfSubjectAccessReview as its JSON, or undefined where the bytes hold something else. */
export const readReview = (body: Buffer): unknown => {
  if (!body.subarray(0, 4).equals(magic)) return undefined;
  const inside = (bytes: Buffer | undefined, field: number): Buffer | undefined =>
    bytes === undefined ? undefined : fieldsOf(bytes)?.get(field);
  const envelope = body.subarray(4);
  if (inside(inside(envelope, 1), 2)?.toString() !== 'SelfSubjectAccessReview') return undefined;
  const attributes = inside(inside(inside(envelope, 2), 2), 1);
  const fields = attributes === undefined ? null : fieldsOf(attributes);
  if (fields === null) return undefined;
  const named = [...fields].map(
    ([number, value]) => [attributeNames[number] ?? `field${number}`, value.toString()] as const,
  );
  return { spec: { resourceAttributes: Object.fromEntries(named) } };
};
