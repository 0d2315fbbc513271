// Writes heads from the model: requests towards a backend, responses towards a client, and the proxy's own
// short answers. Invariant: hop-by-hop fields never pass (RFC 9110 §7.6.1), framing is always ours, and all
// other fields keep their order and letter case. The result is latin1 text that ends with the empty line.
// Pure; called by the connections.
import { STATUS_CODES } from 'node:http';
import { type Forwarding, forwardedElement, tellsOrigin } from '../exchange/forwarded.ts';
import { BODY, type BodyKind, type RequestHead, type ResponseHead } from '../exchange/message.ts';
import { namesNoField } from './framing.ts';
import { FIELD, fieldKind } from './head-fields.ts';

/** The request as HTTP/1.1 on a kept-alive connection. An HTTP/1.0 request without Host gets an empty one. */
export function requestHeadText(head: RequestHead, via: Forwarding): string {
  const names = head.names;
  const values = head.values;
  const plain = namesNoField(head.connectionTokens);
  const trusted = via.trusted;
  let text = `${head.method} ${head.target} HTTP/1.1\r\nHost: ${head.host}\r\n`;
  let prior = '';
  let forwarded = '';
  let hasProto = false;
  let hasHost = false;
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    const kind = fieldKind(name);
    if (kind !== FIELD.other) {
      if (!trusted || kind < FIELD.xForwardedFor) continue;
      if (kind === FIELD.xForwardedFor) {
        prior = joined(prior, values[index]!);
        continue;
      }
      if (kind === FIELD.forwarded) {
        forwarded = joined(forwarded, values[index]!);
        continue;
      }
      if (kind === FIELD.xForwardedProto) hasProto = true;
      else if (kind === FIELD.xForwardedHost) hasHost = true;
    } else if (!trusted && tellsOrigin(name)) continue;
    if (plain || !head.connectionTokens!.includes(name.toLowerCase()))
      text += `${name}: ${values[index]!}\r\n`;
  }

  const client = via.clientAddress;
  if (client !== '') text += `X-Forwarded-For: ${joined(prior, client)}\r\n`;
  // A list that is believed and not extended would name the wrong hop as the last one.
  if (via.forwarded || forwarded !== '')
    text += `Forwarded: ${joined(forwarded, forwardedElement(client, head.host, via.proto))}\r\n`;
  if (!hasProto) text += `X-Forwarded-Proto: ${via.proto}\r\n`;
  if (!hasHost && head.host !== '') text += `X-Forwarded-Host: ${head.host}\r\n`;
  if (via.via !== '') text += `Via: ${via.major === 1 ? `1.${head.minor}` : '2'} ${via.via}\r\n`;

  if (head.body === BODY.chunked) text += 'Transfer-Encoding: chunked\r\n';
  else if (head.contentLength >= 0) text += `Content-Length: ${head.contentLength}\r\n`;
  if (head.upgrade !== '') text += `Connection: Upgrade\r\nUpgrade: ${head.upgrade}\r\n`;
  // Whoever sends TE must name it in Connection, so that it goes no further than the next hop.
  else if (head.teTrailers) text += 'TE: trailers\r\nConnection: TE\r\n';
  return `${text}\r\n`;
}

/** The side of the client a response is written for. */
export interface ResponseTarget {
  /** Minor version the client speaks. */
  minor: 0 | 1;
  keepAlive: boolean;
  /** How the body is framed towards the client; `close` forces Connection: close. */
  body: BodyKind;
  /** Name of this proxy in Via, '' for none. */
  via: string;
}

export function responseHeadText(head: ResponseHead, to: ResponseTarget): string {
  const names = head.names;
  const values = head.values;
  const status = head.status;
  const plain = namesNoField(head.connectionTokens);
  let text = `HTTP/1.1 ${status} ${head.reason}\r\n`;
  let upgrade = head.upgrade;
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    const kind = fieldKind(name);
    if (kind !== FIELD.other && kind < FIELD.xForwardedFor) {
      // A 426 has to say what to upgrade to (RFC 9110 §15.5.22).
      if (kind === FIELD.upgrade && status === 426) upgrade = joined(upgrade, values[index]!);
      continue;
    }
    if (plain || !head.connectionTokens!.includes(name.toLowerCase()))
      text += `${name}: ${values[index]!}\r\n`;
  }
  if (to.via !== '') text += `Via: ${head.version ?? `1.${head.minor}`} ${to.via}\r\n`;
  if (upgrade !== '') text += `Upgrade: ${upgrade}\r\n`;

  if (status < 200) return upgrade === '' ? `${text}\r\n` : `${text}Connection: Upgrade\r\n\r\n`;
  // HTTP/1.0 knows no chunks: there the end of the connection ends the body.
  const chunked = to.body === BODY.chunked && to.minor === 1;
  const delimited = to.body === BODY.close || (to.body === BODY.chunked && !chunked);
  if (chunked) text += 'Transfer-Encoding: chunked\r\n';
  else if (!delimited && head.contentLength >= 0) text += `Content-Length: ${head.contentLength}\r\n`;

  const connection = connectionOption(to.minor, to.keepAlive && !delimited);
  if (upgrade !== '')
    text += connection === '' ? 'Connection: Upgrade\r\n' : `Connection: ${connection}, Upgrade\r\n`;
  else if (connection !== '') text += `Connection: ${connection}\r\n`;
  return `${text}\r\n`;
}

export interface PlainOptions {
  keepAlive: boolean;
  /** The request was HEAD: the body is announced, not sent. */
  head?: boolean;
  retryAfterS?: number;
  /** Where the answer sends the client. */
  location?: string;
  /** Minor version the client speaks; 1 when left out. */
  minor?: 0 | 1;
}

/** A whole answer of the proxy itself: one line of text. */
export function plainResponse(status: number, text: string, options: PlainOptions): string {
  // Written as latin1, so only characters that are one byte in every encoding may stay.
  const line = `${text.replace(/[^\x20-\x7e]/g, '?')}\n`;
  let head = `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\nContent-Type: text/plain; charset=utf-8\r\n`;
  head += `Content-Length: ${line.length}\r\n`;
  if (options.retryAfterS !== undefined) head += `Retry-After: ${options.retryAfterS}\r\n`;
  if (options.location !== undefined) head += `Location: ${options.location}\r\n`;
  const connection = connectionOption(options.minor ?? 1, options.keepAlive);
  if (connection !== '') head += `Connection: ${connection}\r\n`;
  return options.head === true ? `${head}\r\n` : `${head}\r\n${line}`;
}

/** The usual phrase of a status, '' for one that has none. */
export function reasonPhrase(status: number): string {
  return STATUS_CODES[status] ?? '';
}

/** What Connection has to say: nothing where the version's own default is meant. */
function connectionOption(minor: 0 | 1, keepAlive: boolean): string {
  if (!keepAlive) return 'close';
  return minor === 0 ? 'keep-alive' : '';
}

function joined(list: string, element: string): string {
  if (list === '') return element;
  return element === '' ? list : `${list}, ${element}`;
}
