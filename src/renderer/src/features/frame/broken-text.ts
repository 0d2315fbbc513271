// What a page that could not be drawn says of the balancing: no more than the window knows. Pure; called by
// broken-page.
import type { LiveState } from '../../live/live-state.ts';
import { engineVerdict } from './engine-verdict.ts';

export function brokenPageText(state: LiveState): string {
  const known = state.connection === 'live' && state.status !== null;
  return known
    ? `It is a fault of this window. Sluice itself last said: ${engineVerdict(state).text}.`
    : 'It is a fault of this window. This window is not connected to Sluice and cannot tell whether it balances.';
}
