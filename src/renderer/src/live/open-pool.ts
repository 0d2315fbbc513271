// Goes to the board of a pool that was just made. Its command may answer before the Status that names
// the pool arrives; going there earlier would show a pool that does not exist.
import { navigate } from '../lib/use-route.ts';
import { getLiveState, watchLive } from './store.ts';

const LONGEST_WAIT_MS = 3000;

/** Resolves once the board is shown, or after a while when the pool never came. */
export function openPool(name: string): Promise<void> {
  return new Promise((resolve) => {
    const known = () => getLiveState().status?.pools.some((pool) => pool.name === name) === true;
    const finish = () => {
      clearTimeout(timer);
      endWatch();
      navigate({ page: 'pool', pool: name });
      resolve();
    };
    const timer = setTimeout(finish, LONGEST_WAIT_MS);
    const endWatch = watchLive(() => known() && finish());
    if (known()) finish();
  });
}
