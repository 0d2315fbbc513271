// Reads pasted JSON; what cannot be read is said with its line and column, as an editor counts. Pure.
import { jsonFault } from './json-fault.ts';

export type ReadJson =
  | { kind: 'empty' }
  | { kind: 'value'; value: unknown }
  | { kind: 'broken'; message: string; line: number; column: number };

export function readJson(text: string): ReadJson {
  if (text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch {
    const { position, message } = jsonFault(text) ?? { position: 0, message: 'it cannot be read' };
    const lines = text.slice(0, position).split('\n');
    return { kind: 'broken', message, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  }
}
