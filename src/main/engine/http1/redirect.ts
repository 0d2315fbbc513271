// The answer of a listener that only sends its clients to https: the same address there, by 308, with
// which method and body stay what they are. Called by client-connection.ts; no exchange takes part.
import { countOwnAnswer } from '../exchange/accounting.ts';
import type { Front } from '../exchange/front.ts';
import type { RequestHead } from '../exchange/message.ts';
import type { EngineState } from '../state.ts';
import type { ResponseWriter } from './response-writer.ts';

const PERMANENT_REDIRECT = 308;
const HTTPS_PORT = 443;

/** `head` names a host: next-request.ts sees to it. */
export function redirect(
  engine: EngineState,
  { listener, forwarding }: Pick<Front, 'listener' | 'forwarding'>,
  response: ResponseWriter,
  head: RequestHead,
  headBytes: number,
  mayGoOn: boolean,
): void {
  const location = httpsLocation(head, listener.plan.redirectPort);
  const text = `Sluice: this is served over https, at ${location}`;
  const status = PERMANENT_REDIRECT;
  const bytesOut = response.answer(status, text, { request: head, mayGoOn, location });
  const client = forwarding.clientAddress;
  countOwnAnswer(engine, { listener, client, head, failure: '', status, bytesIn: headBytes, bytesOut });
}

export function httpsLocation(
  { hostname, target }: Pick<RequestHead, 'hostname' | 'target'>,
  port: number,
): string {
  const authority = port === HTTPS_PORT ? hostname : `${hostname}:${port}`;
  // "*" stands for the server as a whole: a URL without a path (RFC 9112 §3.2.4).
  return `https://${authority}${target === '*' ? '' : target}`;
}
