// Reads pasted JSON; what cannot be read is said with its line and column, as an editor counts. Pure.

export type ReadJson =
  | { kind: 'empty' }
  | { kind: 'value'; value: unknown }
  | { kind: 'broken'; message: string; line: number; column: number };

export function readJson(text: string): ReadJson {
  if (text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch (error) {
    return broken(text, error instanceof Error ? error.message : String(error));
  }
}

function broken(text: string, reason: string): ReadJson {
  const position = /at position (\d+)/.exec(reason)?.[1];
  // Text that stops too early is reported without a position: the fault is at its end.
  const before = text.slice(0, position === undefined ? text.trimEnd().length : Number(position));
  const lines = before.split('\n');
  const message = reason.replace(/ in JSON at position.*$/, '').replace(/ JSON input$/, ' the text');
  return { kind: 'broken', message, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
