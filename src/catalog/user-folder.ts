import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Folders of the XDG base directory specification, and where they are below a home without their variables. */
const PLACES = { XDG_CACHE_HOME: '.cache', XDG_DATA_HOME: join('.local', 'share') } as const;

/** A user's own folder of this program; undefined for a user who has no home, as services and containers have them. */
export function userFolder(
  place: keyof typeof PLACES,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const named = env[place];
  // The specification: a relative path counts as none.
  if (named && isAbsolute(named)) return join(named, 'luo-abi');
  const home = env.HOME || homeOf();
  return home && isAbsolute(home) ? join(home, PLACES[place], 'luo-abi') : undefined;
}

function homeOf(): string | undefined {
  try {
    return homedir();
  } catch {
    // Neither HOME nor an entry of the user.
    return undefined;
  }
}
