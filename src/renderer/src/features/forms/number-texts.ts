// A group of numbers as the texts a form holds, and back: every field of the group, so that none a
// schema gains can be forgotten. Pure; called by the *-values modules.
import { numberFrom } from './form-schema.ts';

export type Texts<Group> = { [K in keyof Group]: string };

export function textsOf<Group extends Record<string, number>>(group: Group): Texts<Group> {
  return Object.fromEntries(
    Object.entries(group).map(([key, value]) => [key, String(value)]),
  ) as Texts<Group>;
}

export function numbersFrom(texts: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, numberFrom(text)]));
}
