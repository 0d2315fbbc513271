// What a form edits: the newest Config when it opened, and whether that part of it changed since.
import { useState } from 'react';
import type { Config } from '#shared/config/config.ts';
import { useConfig, useLive } from '../../live/hooks.ts';
import { type LiveState, latestRevision } from '../../live/live-state.ts';

const selectRevision = (state: LiveState): number => latestRevision(state);

/** The newest Config; undefined for the moment it takes to fetch it. */
export function useNewestConfig(): Config | undefined {
  const saved = useConfig();
  const revision = useLive(selectRevision);
  const [opened, setOpened] = useState(false);
  // Starting from an outdated copy would look like a change made by someone else a moment later.
  if (!opened && saved !== undefined && saved.revision >= revision) setOpened(true);
  return opened ? saved?.config : undefined;
}

/** True once `current` differs from what it was when the component mounted. */
export function useChangedMeanwhile(current: unknown): boolean {
  const text = JSON.stringify(current);
  const [atStart] = useState(text);
  return text !== atStart;
}

export interface Subject {
  /** Key of the form: a new one starts it over with what is saved now. */
  round: number;
  reload: () => void;
  /** It did not exist when the form started. One that goes while edited only counts as changed. */
  gone: boolean;
}

export function useSubject(edited: unknown): Subject {
  const [round, setRound] = useState(0);
  const [seenRound, setSeenRound] = useState(-1);
  if (edited !== undefined && seenRound !== round) setSeenRound(round);
  return { round, reload: () => setRound(round + 1), gone: edited === undefined && seenRound !== round };
}
