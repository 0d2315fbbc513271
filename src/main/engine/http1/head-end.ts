// Finds where a head ends in the bytes received so far. The returned index is just after the empty
// line, -1 means more bytes are needed. To go on with a partly searched head, callers search again
// from three bytes before the end of what was already searched.
//
// A head whose empty line is ended by a bare LF counts as ended too: the parser then refuses it at
// once, where waiting for a CRLF that never comes would end in a timeout.
const CR = 13;
const LF = 10;

export function findHeadEnd(buffer: Uint8Array, from: number, end: number): number {
  // Reads every fourth byte: the last LF of the empty line is found from any byte that is part of it.
  let at = from + 3;
  while (at < end) {
    const byte = buffer[at]!;
    if (byte > CR) at += 4;
    else if (byte === LF) {
      if (buffer[at - 1] === CR && buffer[at - 2] === LF && buffer[at - 3] === CR) return at + 1;
      at += 2;
    } else at += byte === CR ? 1 : 4;
  }
  return findBareEnd(buffer, from, end);
}

/** Only reached while a head is incomplete, which for nearly all requests is never. */
function findBareEnd(buffer: Uint8Array, from: number, end: number): number {
  for (let at = from + 1; at < end; at++) {
    if (buffer[at] !== LF) continue;
    const before = buffer[at - 1];
    if (before === LF || (before === CR && at - 2 >= from && buffer[at - 2] === LF)) return at + 1;
  }
  return -1;
}
