// The sentence beside the split bar: does the traffic follow the target? It never claims more than
// the numbers show: no requests, a target that just changed and policies that follow load are said.
// Pure; called by split-panel.
import type { PolicyName } from '#shared/config/pool.ts';
import { formatCount, plural } from '../../../lib/format.ts';
import { judgeSplit, type SplitPart } from '../../../lib/share.ts';

export interface SplitSentence {
  text: string;
  /** `off`: outside what the policy explains. */
  tone: 'plain' | 'off';
}

/** The span `actualShare` is computed over. */
const WINDOW_MS = 60_000;
/** A larger distance that chance explains says only that few requests came. */
const TELLING = 0.1;

export function splitSentence(input: {
  parts: readonly SplitPart[];
  requests: number;
  /** Those that could not be sent to any backend. */
  unserved: number;
  policy: PolicyName;
  /** Since the target shares last changed. */
  targetAgeMs: number;
}): SplitSentence {
  const { parts, requests, unserved, policy, targetAgeMs } = input;
  const verdict = judgeSplit(policy, parts, requests);
  if (unserved > 0 && parts.every(({ targetShare }) => targetShare === 0)) {
    const away = verdict.kind === 'waiting' ? plural(unserved, 'request') : `${formatCount(unserved)} more`;
    return { text: `${away} turned away`, tone: 'off' };
  }
  if (verdict.kind === 'waiting') return { text: 'waiting for requests', tone: 'plain' };
  if (policy === 'least-connections') {
    return { text: 'least connections follows load, not shares', tone: 'plain' };
  }
  // The window still holds traffic of the earlier target: neither right nor wrong can be told.
  if (targetAgeMs < WINDOW_MS) {
    return { text: `target changed ${Math.floor(targetAgeMs / 1000)} s ago, settling`, tone: 'plain' };
  }
  if (verdict.kind === 'outside') {
    const part = parts.find(({ name }) => name === verdict.backend);
    const above = (part?.actualShare ?? 0) > (part?.targetShare ?? 0);
    return {
      text: `${verdict.backend} is ${(verdict.deviation * 100).toFixed(1)} % ${above ? 'above' : 'below'} target`,
      tone: 'off',
    };
  }
  if (verdict.deviation > TELLING) return { text: 'too few to compare with the target', tone: 'plain' };
  // Rounded up: "within ±0.3 %" has to hold for every backend. The tiny step undoes float noise.
  const tenths = Math.max(1, Math.ceil(verdict.deviation * 1000 - 1e-6));
  return { text: `within ±${(tenths / 10).toFixed(1)} % of target`, tone: 'plain' };
}
