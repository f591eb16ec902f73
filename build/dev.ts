import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer } from 'vite';
import { buildStale } from './build.ts';

/** `npm run dev`: the served app as a child, and in front of it a Vite server that swaps changed parts in the page. */
const root = join(import.meta.dirname, '..');

// The host refuses to start without built pages, even though Vite's are the ones looked at.
await buildStale({ desktop: false });
const command = ['--watch-path=electron', '--watch-path=shared', '--watch-preserve-output', 'electron/cli.ts'];
const host = spawn(
  process.execPath,
  [...command, 'serve', '--json', '--no-open', '--port', '4870', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const [line] = await once(createInterface({ input: host.stdout }), 'line');
const served = new URL(JSON.parse(line).url);

const server = await createServer({
  configFile: join(root, 'build/vite.renderer.ts'),
  server: {
    host: '127.0.0.1',
    // The host answers to its own name and origin alone.
    proxy: { '/api': { target: served.origin, changeOrigin: true, ws: true, headers: { origin: served.origin } } },
  },
});
await server.listen();
process.stdout.write(`${server.resolvedUrls?.local[0]}${served.hash}\n`);

const close = async (): Promise<void> => {
  host.kill('SIGTERM');
  await server.close();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
host.once('exit', (code) => process.exit(code ?? 0));
