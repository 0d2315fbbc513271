// Where the corners of a sparkline lie. Pure.

/** SVG points from left to right, zero at the bottom; empty for fewer than two values. */
export function sparklinePoints(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return '';
  const top = Math.max(...values, 1e-9);
  const stepX = width / (values.length - 1);
  // A pixel of air keeps the stroke inside the box.
  return values
    .map((value, i) => `${(i * stepX).toFixed(1)},${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`)
    .join(' ');
}
