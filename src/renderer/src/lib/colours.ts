// Colours as CSS variables of theme.css, so charts and bars follow the theme without re-rendering.
import type { Tone } from './state-marks.ts';

/** Matches --series-1 … of theme.css. */
export const SERIES_COUNT = 8;

/** Colour of a backend by its position in the pool's config; repeats after eight. */
export function seriesColour(index: number): string {
  return `var(--series-${(((index % SERIES_COUNT) + SERIES_COUNT) % SERIES_COUNT) + 1})`;
}

/** Text on a series colour: dark in both themes, the series are always light. */
export const ON_SERIES = 'var(--on-series)';

const TONE_VARIABLES: Readonly<Record<Tone, string>> = {
  up: 'var(--up)',
  warn: 'var(--warn)',
  down: 'var(--down)',
  drain: 'var(--drain)',
  off: 'var(--muted)',
  neutral: 'var(--line)',
  accent: 'var(--accent)',
};

export function toneColour(tone: Tone): string {
  return TONE_VARIABLES[tone];
}

const TONE_TEXT_CLASSES: Readonly<Record<Tone, string>> = {
  up: 'text-up',
  warn: 'text-warn',
  down: 'text-down',
  drain: 'text-drain',
  off: 'text-muted',
  neutral: 'text-muted',
  accent: 'text-accent-text',
};

/** Tailwind class for text in a tone. Spelled out whole: Tailwind finds classes by reading source. */
export function toneTextClass(tone: Tone): string {
  return TONE_TEXT_CLASSES[tone];
}
