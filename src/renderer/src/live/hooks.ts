// The parts of the live store that components ask for by name. One import for everything a page reads.
import type { Settings, SystemInfo } from '#shared/contract.ts';
import type { BackendStatus, ListenerStatus, PoolStatus, SystemStatus } from '#shared/status.ts';
import type { LiveState } from './live-state.ts';
import { useLive } from './use-live.ts';

const NO_POOLS: readonly PoolStatus[] = [];
const NO_LISTENERS: readonly ListenerStatus[] = [];

const selectPools = (state: LiveState) => state.status?.pools ?? NO_POOLS;
const selectListeners = (state: LiveState) => state.status?.listeners ?? NO_LISTENERS;
const selectSystem = (state: LiveState) => state.system;
const selectSettings = (state: LiveState) => state.settings;
const selectInfo = (state: LiveState) => state.info;

export function usePools(): readonly PoolStatus[] {
  return useLive(selectPools);
}

export function usePool(name: string): PoolStatus | undefined {
  return usePools().find((pool) => pool.name === name);
}

export function useBackend(pool: string, name: string): BackendStatus | undefined {
  return usePool(pool)?.backends.find((backend) => backend.name === name);
}

export function useListeners(): readonly ListenerStatus[] {
  return useLive(selectListeners);
}

export function useSystem(): SystemStatus | null {
  return useLive(selectSystem);
}

export function useSettings(): Settings | null {
  return useLive(selectSettings);
}

export function useInfo(): SystemInfo | null {
  return useLive(selectInfo);
}

export { useConfig } from './config-cache.ts';
export { useLive } from './use-live.ts';
export { useQuery } from './use-query.ts';
