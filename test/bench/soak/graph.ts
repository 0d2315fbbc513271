// Draws what soak.ts recorded: memory and requests/s over the minutes. Run as a program:
// graph.ts SAMPLES.jsonl > docs/soak.svg
import { readFileSync } from 'node:fs';
import type { Sample } from '../soak.ts';

const WIDTH = 760;
const LEFT = 64;
const RIGHT = 16;
const PANELS = { rss: { top: 34, height: 170 }, rate: { top: 252, height: 90 } };
const HEIGHT = 390;
const TEXT = '#57606a';

type Point = readonly [minute: number, value: number];

const samples = readFileSync(process.argv[2] ?? '/dev/stdin', 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Sample);
if (samples.length < 2) throw new Error('there are no two samples to draw a line between');
const lastMinute = samples.at(-1)!.minute;
console.log(picture());

function picture(): string {
  const rss = samples.map(({ minute, rssMb }): Point => [minute, rssMb]);
  const rate = samples.slice(1).map((sample, i): Point => {
    const before = samples[i]!;
    return [sample.minute, (sample.done - before.done) / ((sample.minute - before.minute) * 60)];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...panel('Resident memory of Sluice, MB', rss, PANELS.rss, '#0969da'),
    ...panel('Requests and connections finished a second', rate, PANELS.rate, '#1a7f37'),
    ...minutes(),
    '</svg>',
  ].join('\n');
}

function panel(
  title: string,
  points: readonly Point[],
  { top, height }: { top: number; height: number },
  color: string,
): string[] {
  const highest = niceCeiling(Math.max(...points.map(([, value]) => value)));
  const y = (value: number) => (top + height - (value / highest) * height).toFixed(1);
  const grid = [0, highest / 2, highest].flatMap((value) => [
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" stroke="#d0d7de"/>`,
    `<text x="${LEFT - 8}" y="${y(value)}" dy="4" text-anchor="end" fill="${TEXT}">${value}</text>`,
  ]);
  const line = points.map(([minute, value]) => `${x(minute)},${y(value)}`).join(' ');
  return [
    `<text x="${LEFT}" y="${top - 12}" fill="#1f2328" font-weight="600">${title}</text>`,
    ...grid,
    `<polyline points="${line}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
  ];
}

function minutes(): string[] {
  const step = lastMinute > 20 ? 10 : Math.max(1, Math.round(lastMinute / 5));
  const bottom = PANELS.rate.top + PANELS.rate.height;
  const marks: string[] = [];
  for (let minute = 0; minute <= lastMinute; minute += step)
    marks.push(
      `<text x="${x(minute)}" y="${bottom + 18}" text-anchor="middle" fill="${TEXT}">${minute}</text>`,
    );
  marks.push(`<text x="${WIDTH - RIGHT}" y="${bottom + 36}" text-anchor="end" fill="${TEXT}">minutes</text>`);
  return marks;
}

function x(minute: number): string {
  return (LEFT + (minute / lastMinute) * (WIDTH - LEFT - RIGHT)).toFixed(1);
}

/** The next 1, 2, 3 or 5 times a power of ten. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 5, 10].map((factor) => factor * power).find((limit) => limit >= value) ?? value;
}
