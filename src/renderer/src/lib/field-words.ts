// The core's sentences name the fields of a Config as its file spells them; the window calls them as its forms
// do. Pure; used wherever such a sentence about a file is shown.
import { TERMS } from '#shared/config/terms.ts';

const FILES = [
  ['certFile', TERMS.certificate.certFile],
  ['keyFile', TERMS.certificate.keyFile],
  ['caFile', TERMS.pool['tls.caFile']],
] as const;

/** Only where the sentence gives its advice, at its end: a path in it may hold any word. */
const ADVICE = FILES.map(
  ([field, term]) =>
    [
      new RegExp(`; (create it or correct |correct |)${field}( has to name a file.*)?$`),
      `; $1the ${term}$2`,
    ] as const,
);

export function inFormWords(sentence: string): string {
  return ADVICE.reduce((text, [advice, words]) => text.replace(advice, words), sentence);
}
