/**
 * What stands in for Electron's renderer side: a script that runs the preload in a world of its own, where `require`
 * gives no more than a sandboxed preload gets, and passes messages and ports between that world and the main process.
 */
export const preloadWorld = 'war-room-preload';
export const bindingName = 'toMain';

/** Messages through the binding are text, so that bytes travel as base64. */
export type Wire =
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'receive'; readonly channel: string; readonly message: unknown; readonly port: number | null }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'close'; readonly port: number };

export const pack = (data: unknown): unknown =>
  data instanceof Uint8Array || data instanceof ArrayBuffer
    ? { bytes: Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data).toString('base64') }
    : { value: data };

export const unpack = (packed: unknown): unknown => {
  const { bytes, value } = packed as { readonly bytes?: string; readonly value?: unknown };
  return bytes === undefined ? value : new Uint8Array(Buffer.from(bytes, 'base64'));
};

export const preloadScript = (preload: string): string => `(() => {
  const listeners = new Map();
  const ports = new Map();
  const say = (wire) => globalThis.${bindingName}(JSON.stringify(wire));
  const pack = (data) => data instanceof ArrayBuffer || ArrayBuffer.isView(data)
    ? { bytes: new Uint8Array(data.buffer ?? data).toBase64() } : { value: data };
  const unpack = ({ bytes, value }) => bytes === undefined ? value : Uint8Array.fromBase64(bytes);
  const keep = (id) => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = ({ data }) => say({ kind: 'port', port: id, data: pack(data) });
    port1.addEventListener('close', () => say({ kind: 'close', port: id }));
    return port2;
  };
  globalThis.fromMain = (wire) => {
    if (wire.kind === 'port') ports.get(wire.port)?.postMessage(unpack(wire.data));
    if (wire.kind === 'close') ports.get(wire.port)?.close();
    if (wire.kind !== 'receive') return;
    const event = { ports: wire.port === null ? [] : [keep(wire.port)] };
    for (const listener of listeners.get(wire.channel) ?? []) listener(event, wire.message);
  };
  const ipcRenderer = {
    on: (channel, listener) => void listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    send: (channel, ...args) => say({ kind: 'send', channel, args }),
  };
  const require = (name) => {
    if (name === 'electron') return { ipcRenderer };
    throw new Error('A sandboxed preload may not require ' + name);
  };
  const module = { exports: {} };
  ((require, module, exports) => {
${preload}
  })(require, module, module.exports);
})();`;
