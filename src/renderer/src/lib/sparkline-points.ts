// Where the corners of a sparkline lie. Pure.

/**
 * SVG points from left to right, zero at the bottom, `ceiling` at the top: one list per stretch of known
 * values, for what is not known (null) is a gap and no zero. Stretches of a single value are left out.
 */
export function sparklinePoints(
  values: readonly (number | null)[],
  ceiling: number,
  width: number,
  height: number,
): string[] {
  const stepX = width / Math.max(1, values.length - 1);
  const stretches: string[][] = [[]];
  values.forEach((value, i) => {
    if (value === null) stretches.push([]);
    // A pixel of air keeps the stroke inside the box.
    else {
      const y = height - 1 - (value / ceiling) * (height - 2);
      stretches.at(-1)?.push(`${(i * stepX).toFixed(1)},${y.toFixed(1)}`);
    }
  });
  return stretches.filter(({ length }) => length > 1).map((points) => points.join(' '));
}
