// The words for the fields of a Config: complete against the schema, and the same as in the window's forms.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BackendConfig } from '#shared/config/backend.ts';
import { Config } from '#shared/config/config.ts';
import { ListenerConfig, RouteConfig } from '#shared/config/listener.ts';
import { PoolConfig } from '#shared/config/pool.ts';
import { type Noun, TERMS, termOf } from '#shared/config/terms.ts';
import { CertificateConfig } from '#shared/config/tls.ts';

const SCHEMAS: Record<Noun, z.ZodType> = {
  engine: Config.shape.engine,
  listener: ListenerConfig,
  certificate: CertificateConfig,
  route: RouteConfig,
  pool: PoolConfig,
  backend: BackendConfig,
};

/** These are added, removed and renamed; the lists are of things with terms of their own. */
const WITHOUT_TERM = new Set(['name', 'routes', 'backends']);

interface Node {
  type?: string;
  properties?: Record<string, Node>;
  anyOf?: Node[];
  oneOf?: Node[];
}

/** Paths of the fields, parts that may be left out included: those can change as a whole. */
function fieldsOf(node: Node, at = ''): string[] {
  const shapes = [node, ...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return shapes.flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([key, field]) => {
      if (WITHOUT_TERM.has(key)) return [];
      const path = `${at}${key}`;
      const inner = fieldsOf(field, `${path}.`);
      const isOptional = !requiredOf(shapes).has(key);
      return inner.length > 0 && !isOptional ? inner : [path, ...inner];
    }),
  );
}

function requiredOf(shapes: readonly Node[]): Set<string> {
  return new Set(shapes.flatMap((shape) => (shape as { required?: string[] }).required ?? []));
}

describe('the terms', () => {
  it.each(Object.keys(TERMS) as Noun[])('name every field of a %s and nothing else', (noun) => {
    const fields = new Set(fieldsOf(z.toJSONSchema(SCHEMAS[noun], { io: 'output' }) as Node));
    expect(Object.keys(TERMS[noun]).toSorted()).toEqual([...fields].toSorted());
  });

  it.each(Object.keys(TERMS) as Noun[])('tell the fields of a %s apart', (noun) => {
    const terms = Object.values(TERMS[noun]);
    expect(new Set(terms).size).toBe(terms.length);
  });

  it('are the name of the field where there is none', () => {
    expect([termOf('pool', 'queue.max'), termOf('pool', 'queue.shape')]).toEqual([
      'queue length',
      'queue.shape',
    ]);
  });
});

const FORMS = new URL('../../../src/renderer/src/features/forms/', import.meta.url);

/** Which form a file holds, or a part of. */
const FORM_OF: readonly [RegExp, Noun][] = [
  [/^(listener-(form|sections|tls-fields))\.tsx$/, 'listener'],
  [/^certificate-fields\.tsx$/, 'certificate'],
  [/^route-form\.tsx$/, 'route'],
  [/^(pool-(form|sections)|health-check-fields)\.tsx$/, 'pool'],
  [/^backend-form\.tsx$/, 'backend'],
];

/** Labels that are no names but read on into their field or its choices, and what a sentence says instead. */
const PHRASES: Record<string, string> = {
  'Certificate from': 'source',
  'Path starts with': 'path prefix',
  'Send to pool': 'pool',
  'Body contains': 'expected check text',
  equals: 'expected JSON value',
  'Connect over TLS': 'encryption to backends',
  'Verify certificates': 'verification of certificates',
  'Close after': 'lifetime of idle connections',
};

/** [noun, path, label] of every field of every form. */
function labels(): [Noun, string, string][] {
  return readdirSync(FORMS).flatMap((file) => {
    const noun = FORM_OF.find(([pattern]) => pattern.test(file))?.[1];
    if (noun === undefined) return [];
    const text = readFileSync(new URL(file, FORMS), 'utf8');
    return [...text.matchAll(/name=(?:"([^"]+)"|\{`\$\{at\}\.(\w+)`\})\s+label="([^"]+)"/g)].flatMap(
      ([, name, inCard, label = '']): [Noun, string, string][] => {
        // Switches stand for the part they switch.
        const path = (name ?? inCard ?? '').replace(/\.(on|ask)$/, '');
        return path === 'name' ? [] : [[noun, path, label]];
      },
    );
  });
}

const wordsOf = (text: string) => text.toLowerCase().split(/[^a-z0-9/-]+/);

describe('the label of a field', () => {
  it('is found in every form', () => {
    const found = labels();
    expect(found.length).toBeGreaterThan(60);
    expect(new Set(found.map(([noun]) => noun))).toEqual(new Set(FORM_OF.map(([, noun]) => noun)));
  });

  it.each(labels())('of a %s, %s, “%s”, is what history calls it', (noun, path, label) => {
    const term = termOf(noun, path);
    if (label in PHRASES) expect(term).toBe(PHRASES[label]);
    else expect(wordsOf(term)).toEqual(expect.arrayContaining(wordsOf(label.split(',')[0] ?? '')));
  });
});
