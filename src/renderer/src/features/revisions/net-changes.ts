// What several revisions change together, from the sentences about each (main/app/changes.ts writes them): a
// field that was changed twice is told once, and not at all when it ended as it began. Invariant: what cannot
// be told for certain stays. Pure; called by the dialog that rolls back.

/** What a value was cut off with: two that look alike may differ. */
const CUT_OFF = '…';

interface Told {
  sentence: string;
  /** Of a change of one field. */
  field?: { subject: string; from: string; to: string };
}

/** `changes`: oldest first. */
export function netChanges(changes: readonly string[]): string[] {
  const told = new Map<string, Told>();
  for (const sentence of changes) tell(told, sentence);
  return [...told.values()].map(({ sentence }) => sentence);
}

function tell(told: Map<string, Told>, sentence: string): void {
  const field = readField(sentence);
  if (field === undefined) {
    const removed = /^remove (.*)$/.exec(sentence)?.[1];
    if (removed !== undefined) forgetFields(told, removed);
    // Removed again after it was added: nothing is left of it.
    if (removed !== undefined && told.delete(`add ${removed}`)) return;
    told.set(sentence, { sentence });
    return;
  }
  // A part that was added whole is told by that.
  if ([...told.keys()].some((key) => key.startsWith('add ') && isOf(field.subject, key.slice(4)))) return;
  const from = told.get(field.subject)?.field?.from ?? field.from;
  told.delete(field.subject);
  if (from === field.to && !from.includes(CUT_OFF)) return;
  told.set(field.subject, {
    sentence: `${field.subject}: ${from} → ${field.to}`,
    field: { ...field, from },
  });
}

function forgetFields(told: Map<string, Told>, part: string): void {
  for (const [key, { field }] of told) {
    if (field !== undefined && isOf(field.subject, part)) told.delete(key);
  }
}

/** Fields of a backend leave the word out: "weight of api/api-1". */
function isOf(subject: string, part: string): boolean {
  return subject.endsWith(` of ${part.replace(/^backend /, '')}`);
}

/** "weight of api/api-1: 1 → 2"; a list that says "with" and "without" is none. */
function readField(sentence: string): Told['field'] {
  const [, subject, from, to] = /^([^:]+): (.*?) → (.*)$/.exec(sentence) ?? [];
  return subject === undefined || from === undefined || to === undefined ? undefined : { subject, from, to };
}
