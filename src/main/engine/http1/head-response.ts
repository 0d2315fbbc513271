// Parses one response head of a backend, as strictly as requests: every fault is a 502. `text` is the head as
// latin1 INCLUDING its final empty line, that is buffer.toString('latin1', start, findHeadEnd(...)). 1xx
// heads are ordinary heads with body `none`. Pure; called by upstream connections.
//
// HEAD, 1xx, 204 and 304 have no body whatever their fields say (RFC 9112 §6.3); contentLength is kept for
// HEAD and 304, where it describes what a GET would have got. `Content-Length: 0` gives body `none` with
// contentLength 0.
import { BODY, type BodyKind, type ResponseHead } from '../exchange/message.ts';
import { createFraming, type Framing, framingFault, keepsAlive, noteField } from './framing.ts';
import { HEAD_FAULTS, type HeadFault } from './head-faults.ts';
import { CR, FIELD, fieldKind, LF, lineFault, SPACE, scanFields, TEXT } from './head-fields.ts';
import { minorVersion } from './head-request.ts';

export function parseResponseHead(text: string, requestMethod: string): ResponseHead | HeadFault {
  const minor = minorVersion(text, 0);
  const status = minor === -1 || text.charCodeAt(8) !== SPACE ? -1 : statusAt(text, 9);
  if (minor === -1 || status === -1) return badGateway(HEAD_FAULTS.statusLine);

  // Servers that have no phrase to send often leave out the space before it as well.
  let at = 12;
  let code = text.charCodeAt(at);
  if (code === SPACE) code = text.charCodeAt(++at);
  else if (code !== CR) return badGateway(HEAD_FAULTS.statusLine);
  const reasonStart = at;
  while (TEXT[code] === 1) code = text.charCodeAt(++at);
  if (code !== CR || text.charCodeAt(at + 1) !== LF) return badGateway(lineFault(code));
  const reason = text.substring(reasonStart, at);

  const names: string[] = [];
  const values: string[] = [];
  const fieldFault = scanFields(text, at + 2, names, values, Number.POSITIVE_INFINITY);
  if (fieldFault !== null) return badGateway(fieldFault);

  const framing = createFraming();
  for (let index = 0; index < names.length; index++) {
    const kind = fieldKind(names[index]!);
    if (kind === FIELD.other) continue;
    const fault = noteField(framing, kind, values[index]!);
    if (fault !== null) return badGateway(fault);
  }
  const fault = framingFault(framing, minor);
  if (fault !== null) return badGateway(fault);

  const bodiless = status < 200 || status === 204;
  const length = bodiless ? -1 : framing.contentLength;
  const body = bodiless || status === 304 || requestMethod === 'HEAD' ? BODY.none : bodyOf(framing);
  const upgrades = status === 101 && framing.tokens?.includes('upgrade') === true;
  return {
    minor,
    names,
    values,
    body,
    contentLength: length,
    keepAlive: body !== BODY.close && keepsAlive(framing, minor),
    connectionTokens: framing.tokens,
    upgrade: upgrades ? framing.upgrade : '',
    status,
    reason,
  };
}

function bodyOf(framing: Framing): BodyKind {
  if (framing.chunked) return BODY.chunked;
  if (framing.contentLength === -1) return BODY.close;
  return framing.contentLength === 0 ? BODY.none : BODY.length;
}

/** Three digits from 100 on, else -1. Numbers above 599 exist in the wild and read as 5xx. */
function statusAt(text: string, at: number): number {
  const hundreds = text.charCodeAt(at) - 48;
  const tens = text.charCodeAt(at + 1) - 48;
  const ones = text.charCodeAt(at + 2) - 48;
  const digits = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  return digits ? hundreds * 100 + tens * 10 + ones : -1;
}

function badGateway(fault: HeadFault): HeadFault {
  return { status: 502, reason: fault.reason };
}
