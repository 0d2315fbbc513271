// The core's sentences name the fields of a Config as its file spells them; the window calls them as its forms
// do. Pure; used wherever such a sentence about a file is shown.
import { TERMS } from '#shared/config/terms.ts';

const FILES = [
  ['certFile', `the ${TERMS.certificate.certFile}`],
  ['keyFile', `the ${TERMS.certificate.keyFile}`],
  ['tls.caFile', `the ${TERMS.pool['tls.caFile']}`],
  // Its words say nothing of a file: only as a label do they fit into a sentence.
  ['tls.clientCertificates.caFile', labelled(TERMS.listener['tls.clientCertificates.caFile'])],
] as const;

/** Only where the sentence gives its advice, at its end: a path in it may hold any word. */
const ADVICE = FILES.map(
  ([field, words]) =>
    [
      new RegExp(
        `; (create it or correct |correct |)${field.replaceAll('.', '\\.')}( has to name a file.*)?$`,
      ),
      `; $1${words}$2`,
    ] as const,
);

export function inFormWords(sentence: string): string {
  return ADVICE.reduce((text, [advice, words]) => text.replace(advice, words), sentence);
}

function labelled(term: string): string {
  return `"${term.charAt(0).toUpperCase()}${term.slice(1)}"`;
}
