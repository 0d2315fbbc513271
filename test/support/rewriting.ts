// What a proxy has to make of a message, by rules written down a second time and in other words than the
// engine's: from what llhttp read of the received message to what llhttp must read of the forwarded one.
// Nothing here asks the engine, so a rule it forgets shows. Used by the fuzz tests.
import type { HttpMessage } from './llhttp.ts';

/** All that a recipient learns from a message; fields in order, those of the proxy included. */
export interface Meaning {
  start: string;
  fields: string[];
  body: string;
  trailers: string[];
  upgrade: boolean;
  complete: boolean;
}

/** How the listener tells backends where requests come from. */
export interface ForwardingRules {
  clientAddress: string;
  proto: string;
  trusted: boolean;
  forwarded: boolean;
  /** '' for none. */
  via: string;
}

/** Whom a response is for. */
export interface ClientRules {
  /** Of the request it answers. */
  method: string;
  minor: 0 | 1;
  /** The client's connection may go on behind it. */
  keepAlive: boolean;
  /** A body that ends with the backend's connection is chunked for a client that knows chunks. */
  rechunks: boolean;
  via: string;
}

const BETWEEN_NEIGHBOURS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** In sections of trailers, besides those between neighbours. */
const NO_TRAILERS =
  /^(accept|age|authentication-info|authorization|cache-control|cookie2?|date|expires|forwarded|from|location|max-forwards|origin|pragma|range|referer|retry-after|set-cookie2?|user-agent|vary|via|warning|www-authenticate|x-real-ip)$|^(accept|access-control|content|if|proxy|sec|x-forwarded)-/;
const PROTOCOL = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(\/[!#$%&'*+.^_`|~0-9A-Za-z-]+)?$/;

export function meaningOf(message: HttpMessage): Meaning {
  const { method, target, status, reason, version, fields, body, trailers, upgrade, complete } = message;
  const start = status === 0 ? `${method} ${target} HTTP/${version}` : `HTTP/${version} ${status} ${reason}`;
  return { start, fields, body, trailers, upgrade, complete };
}

/** Path and query as the backend is asked for it, and the authority asked for. */
export function destination(request: HttpMessage): { target: string; host: string } {
  const url = /^https?:\/\/([^/?]*)(.*)$/i.exec(request.target);
  if (url === null) return { target: request.target, host: valuesOf(request, 'host')[0] ?? '' };
  const [, host = '', rest = ''] = url;
  if (rest === '') return { target: request.method === 'OPTIONS' ? '*' : '/', host };
  return { target: rest.startsWith('?') ? `/${rest}` : rest, host };
}

/** The protocol a request properly asks for, '' for none. */
export function upgradeOf(request: HttpMessage): string {
  const asked = valuesOf(request, 'upgrade');
  const protocol = (asked[0] ?? '').toLowerCase();
  const proper =
    request.version === '1.1' &&
    request.method === 'GET' &&
    request.body === '' &&
    valuesOf(request, 'transfer-encoding').length === 0 &&
    asked.length === 1 &&
    PROTOCOL.test(protocol) &&
    protocol !== 'h2c';
  return proper && listed(request, 'connection').includes('upgrade') ? protocol : '';
}

/** The one protocol a 101 switches to, '' for none. */
export function switchOf(response: HttpMessage): string {
  const protocols = valuesOf(response, 'upgrade');
  const protocol = (protocols[0] ?? '').toLowerCase();
  const proper = response.status === 101 && protocols.length === 1 && PROTOCOL.test(protocol);
  return proper && listed(response, 'connection').includes('upgrade') ? protocol : '';
}

/** Where a sender says both, close is what counts (RFC 9112 §9.3); llhttp takes the other one in HTTP/1.0. */
export function staysOpen(message: HttpMessage): boolean {
  const options = listed(message, 'connection');
  return !options.includes('close') && (message.version === '1.1' || options.includes('keep-alive'));
}

export function forwardedRequest(received: HttpMessage, rules: ForwardingRules): Meaning {
  const { target, host } = destination(received);
  const { clientAddress: client, proto, trusted, via } = rules;
  const toldBefore = (name: string): string => (trusted ? commaList(valuesOf(received, name)) : '');
  const passing = endToEnd(received).filter((line) => {
    const name = nameOf(line);
    if (name === 'x-forwarded-for' || name === 'forwarded') return false;
    return trusted || !/^x[-_](forwarded[-_].|real[-_]ip$)/.test(name);
  });
  const has = (name: string): boolean => trusted && valuesOf(received, name).length > 0;
  const fields = [`Host: ${host}`, ...passing];
  fields.push(`X-Forwarded-For: ${commaList([toldBefore('x-forwarded-for'), client])}`);
  if (rules.forwarded || toldBefore('forwarded') !== '') {
    const quoted = host.includes(':') ? `"${host}"` : host;
    const element = `for=${client}${host === '' ? '' : `;host=${quoted}`};proto=${proto}`;
    fields.push(`Forwarded: ${commaList([toldBefore('forwarded'), element])}`);
  }
  if (!has('x-forwarded-proto')) fields.push(`X-Forwarded-Proto: ${proto}`);
  if (!has('x-forwarded-host') && host !== '') fields.push(`X-Forwarded-Host: ${host}`);
  if (via !== '') fields.push(`Via: ${received.version} ${via}`);
  fields.push(...framingLines(received));
  const protocol = upgradeOf(received);
  if (protocol !== '') fields.push('Connection: Upgrade', `Upgrade: ${protocol}`);
  else if (received.version === '1.1' && listed(received, 'te').includes('trailers'))
    fields.push('TE: trailers', 'Connection: TE');
  return {
    start: `${received.method} ${target} HTTP/1.1`,
    fields,
    body: received.body,
    trailers: travelling(received.trailers),
    upgrade: protocol !== '',
    complete: true,
  };
}

export function forwardedResponse(received: HttpMessage, to: ClientRules): Meaning {
  const { status } = received;
  const fields = endToEnd(received);
  if (to.via !== '') fields.push(`Via: ${received.version} ${to.via}`);
  const upgrade = status === 426 ? commaList(valuesOf(received, 'upgrade')) : switchOf(received);
  if (upgrade !== '') fields.push(`Upgrade: ${upgrade}`);
  const start = `HTTP/1.1 ${status} ${received.reason}`;
  if (status < 200) {
    if (upgrade !== '') fields.push('Connection: Upgrade');
    return { start, fields, body: '', trailers: [], upgrade: upgrade !== '', complete: true };
  }

  const bodiless = status === 204 || status === 304 || to.method === 'HEAD';
  const chunked = valuesOf(received, 'transfer-encoding').length > 0 && !bodiless;
  const untilEnd = !bodiless && !chunked && valuesOf(received, 'content-length').length === 0;
  const chunks = to.minor === 1 && (chunked || (untilEnd && to.rechunks));
  const keepAlive = to.keepAlive && (chunks || !(chunked || untilEnd));
  if (chunks) fields.push('Transfer-Encoding: chunked');
  else if (!chunked && status !== 204) fields.push(...lengthLine(received));
  const options = keepAlive ? (to.minor === 0 ? ['keep-alive'] : []) : ['close'];
  if (upgrade !== '') options.push('Upgrade');
  if (options.length > 0) fields.push(`Connection: ${options.join(', ')}`);
  const trailers = chunks ? travelling(received.trailers) : [];
  return { start, fields, body: received.body, trailers, upgrade: false, complete: true };
}

/** Fields that are for the last recipient and not named in Connection. */
function endToEnd(message: HttpMessage): string[] {
  const named = new Set([...BETWEEN_NEIGHBOURS, ...listed(message, 'connection')]);
  return message.fields.filter((line) => !named.has(nameOf(line)));
}

function framingLines(request: HttpMessage): string[] {
  const chunked = valuesOf(request, 'transfer-encoding').length > 0;
  return chunked ? ['Transfer-Encoding: chunked'] : lengthLine(request);
}

function lengthLine(message: HttpMessage): string[] {
  return valuesOf(message, 'content-length').map((digits) => `Content-Length: ${Number(digits)}`);
}

function travelling(trailers: readonly string[]): string[] {
  return trailers.filter((line) => {
    // Servers that turn names into variables cannot tell the two apart.
    const name = nameOf(line).replaceAll('_', '-');
    return !BETWEEN_NEIGHBOURS.has(name) && !NO_TRAILERS.test(name);
  });
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(':')).toLowerCase();
}

export function valuesOf(message: HttpMessage, name: string): string[] {
  return message.fields.filter((line) => nameOf(line) === name).map((line) => line.slice(name.length + 2));
}

/** The elements of a field that is a list of words, in lower case. */
function listed(message: HttpMessage, name: string): string[] {
  const elements = valuesOf(message, name).flatMap((value) => value.toLowerCase().split(','));
  return elements
    .map((element) => element.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((element) => element !== '');
}

function commaList(elements: readonly string[]): string {
  return elements.filter((element) => element !== '').join(', ');
}
