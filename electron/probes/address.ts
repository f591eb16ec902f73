import { ProbeUnknown } from './probe.ts';

export type Address = { readonly host: string; readonly port: number };

/** Reads "host:port", "[::1]:443" or "host"; throws ProbeUnknown for anything else, without repeating it. */
export const addressOf = (text: string, defaultPort: number | null = null): Address => {
  const [, six, four, port] = /^(?:\[([\da-f:.]+)\]|([^\s:/@]+))(?::(\d{1,5}))?$/i.exec(text.trim()) ?? [];
  const number = port === undefined ? defaultPort : Number(port);
  const host = six ?? four;
  if (host === undefined || number === null || number < 1 || number > 65_535)
    throw new ProbeUnknown('bad-address', 'The address is not a host and a port, such as "api.example.com:443".');
  return { host, port: number };
};

export const addressWords = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
