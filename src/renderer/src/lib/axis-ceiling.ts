// How high an axis is: a round number that grows at once but shrinks late, so that lines do not jump. Called
// by use-ceiling. Pure.

/** A round number at or above `value` that also splits into three round parts; never below `least`. */
export function niceCeiling(value: number, least: number): number {
  if (!(value > least)) return least;
  const third = value / 3;
  const power = 10 ** Math.floor(Math.log10(third));
  const step = [1, 2, 3, 4, 5, 6, 8].find((candidate) => candidate * power >= third * (1 - 1e-9)) ?? 10;
  return step * power * 3;
}

/** Grows as soon as a value would be cut off; shrinks only once the axis is more than twice too tall. */
export function stableCeiling(current: number, value: number, least: number): number {
  const fitting = niceCeiling(value, least);
  if (fitting > current) return fitting;
  return fitting * 2 < current ? fitting : current;
}
