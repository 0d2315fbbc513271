// Every reason a head is refused, in one table: the status that answers a client and the sentence
// shown in the log. A backend's fault keeps its sentence and becomes 502 (head-response.ts). All of
// them end the connection: after an unreadable head nobody knows where the next message starts.
import type { HeadError } from '../exchange/message.ts';

/**
 * What the parsers return for a refused head. A ResponseHead has a status and a reason too; that a
 * fault has no `names` is what tells them apart.
 */
export interface HeadFault extends HeadError {
  names?: undefined;
}

export const HEAD_FAULTS = {
  bareLineFeed: { status: 400, reason: 'A line ends without CRLF' },
  unterminated: { status: 400, reason: 'The header does not end with an empty line' },
  requestLine: { status: 400, reason: 'Malformed request line' },
  method: { status: 400, reason: 'Invalid character in the method' },
  version: { status: 400, reason: 'Unknown HTTP version' },
  versionMajor: { status: 505, reason: 'HTTP major version other than 1' },
  statusLine: { status: 400, reason: 'Malformed status line' },
  targetCharacter: { status: 400, reason: 'Invalid character in the request target' },
  targetForm: { status: 400, reason: 'The request target is neither a path nor an http URL' },
  targetAsterisk: { status: 400, reason: 'The target "*" is for OPTIONS only' },
  headerLength: { status: 431, reason: 'The request header is larger than the limit' },
  targetLength: { status: 414, reason: 'The request target is longer than the limit' },
  connect: { status: 501, reason: 'CONNECT is not supported' },
  fieldFolded: { status: 400, reason: 'A header field is folded over several lines' },
  fieldName: { status: 400, reason: 'Invalid character in a header name' },
  fieldNameEmpty: { status: 400, reason: 'Empty header name' },
  fieldColon: { status: 400, reason: 'Header line without a colon, or with a space before it' },
  fieldValue: { status: 400, reason: 'Control character in a header value' },
  fieldCount: { status: 431, reason: 'More header lines than the limit' },
  hostMissing: { status: 400, reason: 'No Host' },
  hostRepeated: { status: 400, reason: 'More than one Host' },
  hostInvalid: { status: 400, reason: 'Invalid Host' },
  hostMismatch: { status: 400, reason: 'Host differs from the authority of the request target' },
  lengthInvalid: { status: 400, reason: 'Invalid Content-Length' },
  lengthRepeated: { status: 400, reason: 'More than one Content-Length' },
  lengthWithoutBody: { status: 400, reason: 'Content-Length of a body that cannot follow' },
  lengthAndCoding: { status: 400, reason: 'Content-Length and Transfer-Encoding together' },
  codingEmpty: { status: 400, reason: 'Empty Transfer-Encoding' },
  codingBlank: { status: 400, reason: 'A tab after Transfer-Encoding' },
  codingRepeated: { status: 400, reason: 'More than one Transfer-Encoding' },
  codingUnknown: { status: 501, reason: 'Transfer-Encoding other than chunked' },
  codingVersion: { status: 400, reason: 'Transfer-Encoding in HTTP/1.0' },
  connectionInvalid: { status: 400, reason: 'Invalid Connection' },
  connectionNames: { status: 400, reason: 'Connection names a field that is not hop-by-hop' },
  webSocketKey: { status: 400, reason: 'WebSocket without a proper Sec-WebSocket-Key' },
  expectation: { status: 417, reason: 'Expectation other than 100-continue' },
} as const satisfies Record<string, HeadFault>;
