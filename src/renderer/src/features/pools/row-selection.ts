// Which rows a bulk action is about. Pure: every function takes the selection and the visible order
// and returns the next selection. Called by the backend table's mouse and keyboard handlers.

export interface RowSelection {
  names: ReadonlySet<string>;
  /** Where a Shift range starts; the row last selected on its own. */
  anchor: string | null;
}

export const NOTHING_SELECTED: RowSelection = { names: new Set(), anchor: null };

export function toggleRow(selection: RowSelection, name: string): RowSelection {
  const names = new Set(selection.names);
  if (!names.delete(name)) names.add(name);
  return { names, anchor: name };
}

/** Everything from the anchor to `name` as the rows stand now, both ends included. */
export function extendTo(selection: RowSelection, name: string, order: readonly string[]): RowSelection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(name);
  if (to === -1) return selection;
  if (from === -1) return { names: new Set([name]), anchor: name };
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { names: new Set([...selection.names, ...range]), anchor: selection.anchor };
}

export function selectAll(order: readonly string[]): RowSelection {
  return { names: new Set(order), anchor: order[0] ?? null };
}

/** Forgets backends that no longer exist; the same object when all still do. */
export function keepExisting(selection: RowSelection, existing: ReadonlySet<string>): RowSelection {
  const names = [...selection.names].filter((name) => existing.has(name));
  if (names.length === selection.names.size) return selection;
  const anchor = selection.anchor !== null && existing.has(selection.anchor) ? selection.anchor : null;
  return { names: new Set(names), anchor };
}
