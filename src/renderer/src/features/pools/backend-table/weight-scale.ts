// How far the weight sliders of one pool go: the same for all of them, so that they compare. Pure; called by
// use-backend-table.
import { MAX_WEIGHT } from '#shared/config/backend.ts';

/** A round end of the scale above every weight of the pool. */
export function weightScale(weights: readonly number[]): number {
  const largest = Math.max(1, ...weights);
  const scale = [10, 20, 50, 100, 200, 500].find((candidate) => candidate >= largest * 1.05);
  return scale ?? MAX_WEIGHT;
}

/** The same while others are tried: wider for what does not fit, but never under the slider that is dragged. */
export function widenedScale(saved: readonly number[], tried: readonly number[]): number {
  const scale = weightScale(saved);
  return Math.max(1, ...tried) <= scale ? scale : weightScale(tried);
}
