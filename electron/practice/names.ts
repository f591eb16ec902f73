import { AUTHORITATIVE_ANSWER, decode, encode, streamDecode, streamEncode, type Answer, type Packet } from 'dns-packet';
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { serverEnd } from '../server-end.ts';
import { listen } from './listen.ts';
import { practiceNames } from './certificates.ts';

const zone = 'practice.test';
const ttl = 60;

const records: readonly Answer[] = [
  ...practiceNames.map((name): Answer => ({ name, type: 'A', ttl, data: '127.0.0.1' })),
  { name: zone, type: 'CAA', ttl, data: { flags: 0, tag: 'issue', value: 'practice.invalid' } },
  { name: zone, type: 'NS', ttl, data: `ns.${zone}` },
];
const authority: Answer = {
  name: zone,
  type: 'SOA',
  ttl,
  data: {
    mname: `ns.${zone}`,
    rname: `hostmaster.${zone}`,
    serial: 1,
    refresh: 3_600,
    retry: 600,
    expire: 86_400,
    minimum: ttl,
  },
};

const nameError = 3;
const refused = 5;

/** The answer of a small name server for the zone practice.test; other zones are refused. */
const answer = (query: Packet): Packet => {
  const asked = query.questions?.[0];
  const name = asked?.name.toLowerCase().replace(/\.$/, '') ?? '';
  const ours = name === zone || name.endsWith(`.${zone}`);
  const found = records.filter((record) => record.name === name && record.type === asked?.type);
  const exists = records.some((record) => record.name === name) || name === zone;
  const rcode = !ours ? refused : exists ? 0 : nameError;
  return {
    type: 'response',
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER | rcode,
    questions: query.questions ?? [],
    answers: found,
    authorities: ours && found.length === 0 ? [authority] : [],
  };
};

const converse = (socket: Socket): void => {
  let pending = Buffer.alloc(0);
  socket.setTimeout(5_000, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    if (pending.length > 4_096) return void socket.destroy();
    if (pending.length < 2 || pending.length < 2 + pending.readUInt16BE(0)) return;
    try {
      socket.end(streamEncode(answer(streamDecode(pending))));
    } catch {
      socket.destroy(); // Not a question of DNS: there is nobody to tell.
    }
  });
};

export type Names = { readonly port: number; readonly close: () => Promise<void> };

/** Answers over UDP and TCP on one free port of this machine. */
export const startNames = async (): Promise<Names> => {
  const tcp = createServer({ allowHalfOpen: false }, converse);
  const endTcp = serverEnd(tcp);
  const port = await listen(tcp);
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    try {
      udp.send(encode(answer(decode(message))), from.port, from.address);
    } catch {
      // A datagram that is no question stays without an answer, as with any name server.
    }
  });
  await new Promise<void>((resolve, reject) => {
    udp.once('error', reject);
    udp.bind(port, '127.0.0.1', resolve);
  });
  return {
    port,
    close: async () => {
      await Promise.all([new Promise<void>((done) => udp.close(() => done())), endTcp()]);
    },
  };
};
