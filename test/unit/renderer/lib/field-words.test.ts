// A person reads of a file what its field is called in the form, whatever its path is.
import { expect, it } from 'vitest';
import { inFormWords } from '../../../../src/renderer/src/lib/field-words.ts';

it.each([
  [
    'there is no file /a.pem; create it or correct certFile',
    'there is no file /a.pem; create it or correct the certificate file',
  ],
  ['/k.pem is larger than 4 MB; correct keyFile', '/k.pem is larger than 4 MB; correct the key file'],
  [
    '/ca is a folder; tls.caFile has to name a file, perhaps one inside it',
    '/ca is a folder; the authorities file has to name a file, perhaps one inside it',
  ],
  [
    'listener "web": there is no file /ca; create it or correct tls.clientCertificates.caFile',
    'listener "web": there is no file /ca; create it or correct "Authorities of clients"',
  ],
  [
    '/ca is a folder; tls.clientCertificates.caFile has to name a file, perhaps one inside it',
    '/ca is a folder; "Authorities of clients" has to name a file, perhaps one inside it',
  ],
  ['/ca is larger than 4 MB; correct tls.caFile', '/ca is larger than 4 MB; correct the authorities file'],
  [
    'there is no file /x; correct certFile; create it or correct keyFile',
    'there is no file /x; correct certFile; create it or correct the key file',
  ],
  ['/certFile may not be read by this user; change its permissions', undefined],
])('%s', (sentence, words = sentence) => {
  expect(inFormWords(sentence)).toBe(words);
});
