// What counts as a weight where one is typed, and what is said of anything else. Pure; used by a row's
// weight and by that of the selected rows, so both take the same.
import { MAX_WEIGHT } from '#shared/config/backend.ts';

export const WEIGHT_RULE = `Use a whole number from 0 to ${MAX_WEIGHT}`;

export function parseWeight(text: string): number | null {
  if (!/^[0-9]{1,4}$/.test(text.trim())) return null;
  const value = Number(text);
  return value <= MAX_WEIGHT ? value : null;
}
