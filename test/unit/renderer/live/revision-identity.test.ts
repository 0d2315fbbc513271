// A chain of undos: every undo makes a new number, the content stays known.
import { describe, expect, it } from 'vitest';
import { canonicalRevision, sameContent } from '../../../../src/renderer/src/live/revision-identity.ts';

describe('revisions made by going back', () => {
  it('are traced to the first that held their content', () => {
    sameContent(104, 102);
    sameContent(105, 104);
    expect(canonicalRevision(105)).toBe(102);
    expect(canonicalRevision(104)).toBe(102);
    expect(canonicalRevision(103)).toBe(103);
  });
});
