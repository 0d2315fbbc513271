// What a listener refuses of a well-formed request before any backend is asked, whatever the client
// speaks. Pure; called by exchange.ts.
import type { Failure } from '../failure.ts';
import type { ListenerState } from '../state.ts';
import type { RequestHead } from './message.ts';
import { passedBefore } from './via.ts';

/**
 * '' lets it pass. `serverName` is the front's: null in clear text. A body of unknown length is
 * measured as it comes, by the front.
 */
export function refusal(
  head: RequestHead,
  { plan, tls }: Pick<ListenerState, 'plan' | 'tls'>,
  serverName: string | null,
): Failure | '' {
  const { limits, via } = plan;
  if (serverName !== null && tls?.misdirected(serverName, head.hostname) === true) return 'misdirected';
  if (limits.bodyBytes !== 0 && head.contentLength > limits.bodyBytes) return 'body-too-large';
  if (via !== '' && passedBefore(head.names, head.values, via)) return 'loop';
  return '';
}
