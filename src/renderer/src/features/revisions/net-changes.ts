// What several revisions change together, from the sentences about each (main/app/changes.ts writes them): a
// field that was changed twice is told once, and not at all when it ended as it began; what was added or removed
// whole tells of its parts too. Invariant: what cannot be told for certain stays. Pure; called by the dialog
// that rolls back.
import type { RevisionSummary } from '#shared/contract.ts';

/** What a value was cut off with: two that look alike may differ. */
const CUT_OFF = '…';
/** Of a check only its type, path and interval are told. */
const TOLD_IN_PART = 'health check of ';

interface Told {
  sentence: string;
  /** Of a change of one field. */
  field?: { subject: string; from: string; to: string };
}

export interface TakenBack {
  changes: string[];
  /** The revisions whose changes are taken back as well but are not known. */
  untold?: string;
}

/** By a roll back to `target`; `revisions`: the newest ones, newest first. */
export function takenBack(
  revisions: readonly Pick<RevisionSummary, 'revision' | 'changes'>[],
  target: number,
): TakenBack {
  const later = revisions.filter(({ revision }) => revision > target).toReversed();
  const changes = later.flatMap((each) => each.changes);
  const [first, last] = [target + 1, (later[0]?.revision ?? 0) - 1];
  if (last < first) return { changes: netChanges(changes) };
  // What is not known may have been the other half of any of them.
  return { changes: [...new Set(changes)], untold: first === last ? `r${first}` : `r${first} to r${last}` };
}

/** `changes`: oldest first. */
export function netChanges(changes: readonly string[]): string[] {
  const settled: string[] = [];
  const told = new Map<string, Told>();
  for (const sentence of changes) {
    settle(settled, told, sentence);
    tell(told, sentence);
  }
  return [...new Set([...settled, ...[...told.values()].map((each) => each.sentence)])];
}

/** With a rename a name begins to mean something else: what was told of either name is never joined again. */
function settle(settled: string[], told: Map<string, Told>, sentence: string): void {
  const [, ...names] = /^rename \S+ (\S+) to (\S+)$/.exec(sentence) ?? [];
  if (names.length === 0) return;
  for (const [key, each] of told) {
    const words = each.sentence.split(/[ :,]+/);
    if (!names.some((name) => words.some((word) => word === name || word.startsWith(`${name}/`)))) continue;
    settled.push(each.sentence);
    told.delete(key);
  }
}

function tell(told: Map<string, Told>, sentence: string): void {
  const removed = /^remove (.*)$/.exec(sentence)?.[1];
  if (removed !== undefined) {
    for (const [key, each] of told) if (isWithin(each.sentence, removed)) told.delete(key);
    // Removed again after it was added: nothing is left of it.
    if (told.delete(`add ${removed}`)) return;
  }
  // A part that was added whole is told by that.
  if ([...told.keys()].some((key) => key.startsWith('add ') && isWithin(sentence, key.slice(4)))) return;
  const field = readField(sentence);
  if (field === undefined) {
    told.set(sentence, { sentence });
    return;
  }
  const from = told.get(field.subject)?.field?.from ?? field.from;
  told.delete(field.subject);
  if (from === field.to && isWhole(field.subject, from)) return;
  told.set(field.subject, {
    sentence: `${field.subject}: ${from} → ${field.to}`,
    field: { ...field, from },
  });
}

/** Whether the text says all there is of the value. */
function isWhole(subject: string, value: string): boolean {
  return value === 'none' || !(value.includes(CUT_OFF) || subject.startsWith(TOLD_IN_PART));
}

/** Whether the sentence is about fields or parts of `whole`, such as "pool api": not that it came or went. */
function isWithin(sentence: string, whole: string): boolean {
  const part = /^(?:add|remove) (.*)$/.exec(sentence)?.[1];
  const owner = part ?? /^[^:]* of ([^:]+)/.exec(sentence)?.[1];
  if (owner === undefined) return false;
  if (owner === whole) return part === undefined;
  const [noun, name] = whole.split(' ');
  // Fields of a backend leave the word out: "weight of api/api-1".
  if (noun === 'backend') return owner === name;
  const parts = noun === 'pool' ? ['backend ', ''] : noun === 'listener' ? ['route ', 'certificate '] : [];
  return parts.some((word) => owner.startsWith(`${word}${name}/`));
}

/** "weight of api/api-1: 1 → 2"; a list that says "with" and "without" is none. */
function readField(sentence: string): Told['field'] {
  const [, subject, from, to] = /^([^:]+): (.*?) → (.*)$/.exec(sentence) ?? [];
  return subject === undefined || from === undefined || to === undefined ? undefined : { subject, from, to };
}
