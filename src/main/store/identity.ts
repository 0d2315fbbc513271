// Tells what a file is from its first bytes, without opening it as a database: opening could replay
// another program's log or leave files beside it. Called by openStore.
import { closeSync, openSync, readSync } from 'node:fs';

/** Big-endian at offset 68 of every SQLite file; "SLUC". Written before anything else and never changed. */
export const APPLICATION_ID = 0x534c5543;

const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const HEADER_BYTES = 100;
const APPLICATION_ID_OFFSET = 68;

export type FileIdentity = 'absent' | 'ours' | 'foreign' | 'not-a-database';

export function identify(path: string): FileIdentity {
  const header = readHeader(path);
  if (header === undefined || header.length === 0) return 'absent';
  if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC))
    return 'not-a-database';
  return header.readUInt32BE(APPLICATION_ID_OFFSET) === APPLICATION_ID ? 'ours' : 'foreign';
}

function readHeader(path: string): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
