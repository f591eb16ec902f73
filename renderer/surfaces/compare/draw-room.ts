import type { Point } from '../../../shared/contract.ts';
import type { Health, HealthState } from '../../../shared/health.ts';
import { scaleOf } from '../../parts/sparkline.tsx';
import { glyphLines, glyphStroke } from '../../parts/glyph-lines.ts';
import { stateWord, toneOf } from '../../parts/glyph.tsx';
import type { RunView } from '../../run-view.ts';
import { dayTime } from '../../words.ts';

/** The room drawn by the page itself: nothing is fetched, and what is drawn is what the tiles show. */

const width = 1280;
const pad = 24;
const columns = 5;
const gap = 12;
const tileHeight = 104;
const top = 92;
const lineHeight = 20;
/** From the left edge of a state's shape to its word. */
const besideGlyph = 19;

type Pen = CanvasRenderingContext2D;
const tokens = ['bg', 'surface', 'line', 'text', 'muted', 'ok', 'warn', 'fail', 'run', 'none'] as const;
type Paint = (token: (typeof tokens)[number]) => string;

/** The colours of the theme as it is on the screen now. */
const paintOf = (): Paint => {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colours = new Map(
    tokens.map((token) => {
      probe.style.color = `var(--${token})`;
      return [token, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return (token) => colours.get(token) ?? 'currentColor';
};

const write = (pen: Pen, text: string, x: number, y: number, most: number): void => {
  let shown = text;
  while (shown.length > 1 && pen.measureText(shown).width > most) shown = `${shown.slice(0, -2)}…`;
  pen.fillText(shown, x, y);
};

const curve = (
  pen: Pen,
  points: readonly Point[],
  box: readonly [x: number, y: number, w: number, h: number],
): void => {
  const [x, y, w, h] = box;
  const from = points[0]?.[0] ?? 0;
  const span = Math.max(1, (points.at(-1)?.[0] ?? 0) - from);
  const scale = scaleOf(
    points.map(([, value]) => value),
    [],
  );
  pen.beginPath();
  points.forEach(([at, value], index) => {
    const px = x + ((at - from) / span) * w;
    const py = y + h - ((value - scale.low) / (scale.high - scale.low)) * h;
    if (index === 0) pen.moveTo(px, py);
    else pen.lineTo(px, py);
  });
  pen.stroke();
};

const filled = (pen: Pen, path: Path2D): void => {
  pen.save();
  pen.clip(path, 'evenodd');
  pen.fillRect(0, 0, 24, 24);
  pen.restore();
};

/** The shape of a state as everywhere else: a picture is looked at in grey, and printed. */
const glyph = (pen: Pen, paint: Paint, state: HealthState, x: number, y: number, size: number): void => {
  pen.save();
  pen.translate(x, y);
  pen.scale(size / 24, size / 24);
  pen.fillStyle = pen.strokeStyle = paint(toneOf(state));
  pen.lineCap = pen.lineJoin = 'round';
  for (const { d, width: wide = glyphStroke, dash = [], fill } of glyphLines[state]) {
    const path = new Path2D(d);
    pen.lineWidth = wide;
    pen.setLineDash([...dash]);
    if (fill !== undefined) filled(pen, path);
    if (fill !== 'solid') pen.stroke(path);
  }
  pen.restore();
};

type Tile = { readonly label: string; readonly health: Health | undefined; readonly points: readonly Point[] };

const drawTile = (pen: Pen, paint: Paint, { label, health, points }: Tile, x: number, y: number): void => {
  const w = (width - 2 * pad - (columns - 1) * gap) / columns;
  const state = health?.state ?? 'pending';
  pen.fillStyle = paint('surface');
  pen.strokeStyle = paint('line');
  pen.lineWidth = 1;
  pen.beginPath();
  pen.roundRect(x + 0.5, y + 0.5, w - 1, tileHeight - 1, 8);
  pen.fill();
  pen.stroke();
  pen.fillStyle = paint('muted');
  pen.font = '12px "Inter Variable", sans-serif';
  write(pen, label, x + 12, y + 22, w - 24);
  pen.fillStyle = paint('text');
  pen.font = '600 20px "Inter Variable", sans-serif';
  write(pen, health === undefined || health.value === null ? '—' : health.text, x + 12, y + 48, w - 24);
  pen.strokeStyle = paint('muted');
  pen.lineWidth = 1.5;
  if (points.length > 1) curve(pen, points, [x + 12, y + 56, w - 24, 22]);
  pen.fillStyle = paint(toneOf(state));
  pen.font = '600 11px "Inter Variable", sans-serif';
  write(pen, stateWord(state), x + 12 + besideGlyph, y + 96, w - 24 - besideGlyph);
  glyph(pen, paint, state, x + 12, y + 85, 14);
};

/** Shape, name and word, as the room lists them. */
const drawProbe = (pen: Pen, paint: Paint, label: string, health: Health | undefined, x: number, y: number): void => {
  const state = health?.state ?? 'pending';
  const w = (width - 2 * pad) / columns - gap;
  pen.font = '12px "Inter Variable", sans-serif';
  glyph(pen, paint, state, x, y - 11, 14);
  const word = stateWord(state);
  const wide = pen.measureText(word).width;
  pen.fillStyle = paint(toneOf(state));
  pen.fillText(word, x + w - wide, y);
  pen.fillStyle = paint('text');
  write(pen, label, x + besideGlyph, y, w - besideGlyph - wide - 10);
};

const place = (at: number): readonly [column: number, row: number] => [at % columns, Math.floor(at / columns)];

/** The room at this moment as a PNG: what it is about, every metric with its curve, every probe. Null where the page can't draw. */
export const drawRoom = async (view: RunView, now: number): Promise<Blob | null> => {
  const { target } = view.context;
  const metrics = Object.entries(target.metrics);
  const probes = Object.entries(target.probes);
  const probesTop = top + Math.ceil(metrics.length / columns) * (tileHeight + gap) + 40;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = probesTop + Math.ceil(probes.length / columns) * lineHeight + pad;
  const pen = canvas.getContext('2d');
  if (pen === null) return null;
  await document.fonts.ready;
  const paint = paintOf();
  pen.fillStyle = paint('bg');
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = paint('text');
  pen.font = '600 22px "Inter Variable", sans-serif';
  const { started } = view.room;
  write(pen, `${target.service} · ${target.environment}`, pad, 44, width - 2 * pad);
  pen.fillStyle = paint('muted');
  pen.font = '13px "Inter Variable", sans-serif';
  const release = started === null ? '' : `, release ${started.release}`;
  write(pen, `The room at the baseline, ${dayTime(now)}${release}. Drawn by the page.`, pad, 68, width - 2 * pad);
  const across = (width - 2 * pad + gap) / columns;
  metrics.forEach(([id, { label }], at) => {
    const [column, row] = place(at);
    const tile = { label, health: view.metrics.get(id), points: view.points.get(id) ?? [] };
    drawTile(pen, paint, tile, pad + column * across, top + row * (tileHeight + gap));
  });
  probes.forEach(([id, { label }], at) => {
    const [column, row] = place(at);
    drawProbe(pen, paint, label, view.probes.get(id), pad + column * across, probesTop + row * lineHeight);
  });
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
};
