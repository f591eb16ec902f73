/** "registry:5000/api:2.14.0@sha256:…" → "2.14.0": what people call the version; the whole name where it has no tag. */
export const imageVersion = (image: string): string => /:([^:/@]+)(?:@.*)?$/u.exec(image)?.[1] ?? image;
