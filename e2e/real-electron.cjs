'use strict';

/**
 * Loaded into real Electron before the app (`electron -r`): what the app asks of the system is noted in the words of the
 * stand-in, dialogs are answered as a spec says, and the keychain is one of this process. What a spec can't see, or a
 * machine without people can't answer, is all that is replaced.
 */
const { Tray, app, dialog, powerSaveBlocker, safeStorage, shell } = require('electron');

const noted = [];
const note = (what, detail) => void noted.push({ what, detail });
globalThis.noted = noted;
const { env } = process;

dialog.showErrorBox = (title, content) => note('error-box', { title, content });
dialog.showMessageBox = (...args) => {
  note('message-box', args.at(-1));
  return Promise.resolve({ response: Number(env.STAND_IN_ANSWER ?? 0), checkboxChecked: false });
};
dialog.showSaveDialog = (...args) => {
  note('save-dialog', args.at(-1));
  const filePath = env.STAND_IN_SAVE ?? '';
  return Promise.resolve({ canceled: filePath === '', filePath });
};
shell.openExternal = (url) => Promise.resolve(note('open-external', url));

/** Notes a call, and lets the system do it. */
const beside = (of, name, say) => {
  const own = of[name];
  of[name] = function (...args) {
    say(...args);
    return Reflect.apply(own, this, args);
  };
};
beside(powerSaveBlocker, 'start', (kind) => note('stay-awake', kind));
beside(powerSaveBlocker, 'stop', () => note('stay-awake', null));
beside(app, 'setBadgeCount', (count) => note('badge', count));
beside(Tray.prototype, 'setToolTip', (words) => note('tray', { words }));

const sealed = (text) => Buffer.from(text).toString('base64').split('').toReversed().join('');
safeStorage.getSelectedStorageBackend = () => (env.STAND_IN_KEYCHAIN === 'none' ? 'basic_text' : 'gnome_libsecret');
safeStorage.isAsyncEncryptionAvailable = () => Promise.resolve(env.STAND_IN_KEYCHAIN !== 'none');
safeStorage.encryptStringAsync = (text) => Promise.resolve(Buffer.from(sealed(text)));
safeStorage.decryptStringAsync = (bytes) => {
  if (env.STAND_IN_KEYCHAIN === 'changed') return Promise.reject(new Error('the key is another one'));
  const result = Buffer.from(bytes.toString().split('').toReversed().join(''), 'base64').toString();
  return Promise.resolve({ shouldReEncrypt: false, result });
};

app.on('browser-window-created', (_event, window) => {
  // Not in Electron's types: its own tests read it.
  note('window', window.webContents.getLastWebPreferences());
  note('window-place', window.getBounds());
  // Its dialog would wait for a person.
  window.webContents.print = (options, done) => {
    note('window-print', options);
    done(false, 'Print job canceled');
  };
  window.on('show', () => note('shown', window.webContents.getURL()));
  for (const asked of ['focus', 'maximize']) window.on(asked, () => note(`window-${asked}`, null));
});
