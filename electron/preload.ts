import { ipcRenderer } from 'electron';

/** The part of the page's window that this file uses; the Node side has no types of the browser. */
declare const window: {
  readonly origin: string;
  readonly addEventListener: (type: 'load', listener: () => void, options: { readonly once: true }) => void;
  readonly postMessage: (message: string, origin: string, ports: readonly unknown[]) => void;
};

/**
 * Hands the page one MessagePort to the room, and nothing else. It asks once the page has loaded, when the page listens
 * for sure; whether this frame gets a port is for the main process to say.
 */
ipcRenderer.on('war-room-port', ({ ports }) => window.postMessage('war-room-port', window.origin, ports));
window.addEventListener('load', () => ipcRenderer.send('war-room-ready'), { once: true });
