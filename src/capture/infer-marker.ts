import type { MarkerFacts } from '../model/component-definition.ts';
import type { Effect } from '../model/verdict-kind.ts';
import type { Caller } from './caller.ts';
import { SUBTREE_FUNCTIONS } from './sought.ts';

// What guards a component that nobody has described: the name under which it is registered, else the macro that is called as
// markers are.

/** A marker as it is taken to be. */
export interface InferredMarker {
  facts: MarkerFacts;
  /** What the kernel writes; undefined where an integer or nothing guards it. */
  text: string | undefined;
  /** The macros that hold it. */
  macros: readonly string[];
  needs: readonly string[];
  onRefused: Effect;
}

interface MarkerGround {
  id: string;
  strings: readonly { name: string; text: string }[];
  /** Macros among which an integer may be that guards it. */
  numbers: readonly string[];
  callers: readonly Caller[];
}

/** What the macros of markers end in. */
export const CALLED_A_MARKER = /_(?:COMPATIBLE|COMPAT|COMPAT_STR(?:ING)?|FH_NAME|FLB_NAME)$/;
const CALLED_AN_INTEGER = /(?<!_MIN)_(?:ABI_)?VERSION(?:_ID)?$/;

/** The marker of a component, from what holds its name and who registers it. */
export function markerFor({ id, strings, numbers, callers }: MarkerGround): InferredMarker {
  const ways = waysOf(callers);
  const called = strings.filter(({ name }) => CALLED_A_MARKER.test(name));
  const isShared = (name: string): boolean => /FLB/.test(name);
  const registered = (isSought: (way: Way) => boolean): string | undefined =>
    // A macro whose text is not at hand is no text.
    [...ways].find(([name, way]) => isSought(way) && !/^[A-Z0-9_]+$/.test(name))?.[0];
  const text =
    registered((way) => way === 'flb') ??
    called.find(({ name }) => isShared(name))?.text ??
    registered((way) => way !== 'subtree') ??
    called[0]?.text ??
    [...ways].find(([, way]) => way !== 'subtree')?.[0];
  const [integer] = numbers.filter((name) => CALLED_AN_INTEGER.test(name));
  if (text === undefined) {
    const carrier = `KHO:/${id}`;
    const least = integer?.replace(/_((?:ABI_)?VERSION(?:_ID)?)$/, '_MIN_$1');
    const range = least !== undefined && numbers.includes(least) ? { minimumMacro: least } : undefined;
    return {
      facts:
        integer === undefined
          ? { kind: 'none', carrier }
          : { kind: range ? 'integer-range' : 'integer', macro: integer, ...range, carrier },
      text: undefined,
      macros: [integer, range?.minimumMacro].flatMap((macro) => macro ?? []),
      needs: ['kho'],
      onRefused: 'component-absent',
    };
  }
  const macros = strings.filter((one) => one.text === text).map(({ name }) => name);
  const way = ways.get(text) ?? wayByName(macros[0] ?? '', ways);
  const macro = macros[0] === undefined ? {} : { macro: macros[0] };
  if (way === 'subtree')
    return {
      facts: { kind: 'fdt-string', ...macro, carrier: `fdt:${id}:/` },
      text,
      macros,
      needs: ['kho'],
      onRefused: 'component-absent',
    };
  const isFlb = way === 'flb';
  return {
    facts: {
      kind: 'name',
      ...macro,
      carrier: isFlb ? 'flb' : 'file-handler',
      dispatcher: isFlb ? 'luo-flb' : 'luo-session',
    },
    text,
    macros,
    needs: [isFlb ? 'luo-flb' : 'luo-session'],
    onRefused: isFlb ? 'component-absent' : 'file-lost',
  };
}

type Way = 'file-handler' | 'flb' | 'subtree';

/** How each name is made known. */
function waysOf(callers: readonly Caller[]): Map<string, Way> {
  return new Map(
    callers.flatMap(({ names, functions }) =>
      names.map(({ name }): [string, Way] => {
        if (functions.some((call) => SUBTREE_FUNCTIONS.test(call))) return [name, 'subtree'];
        const isFlb = functions.includes('liveupdate_register_flb') && /flb/i.test(name);
        const isHandler = functions.includes('liveupdate_register_file_handler');
        return [name, isFlb || !isHandler ? 'flb' : 'file-handler'];
      }),
    ),
  );
}

function wayByName(macro: string, ways: ReadonlyMap<string, Way>): Way {
  if (/FLB/.test(macro)) return 'flb';
  if (/_FH_|HANDLER|LUO/.test(macro)) return 'file-handler';
  return [...ways.values()][0] ?? 'subtree';
}
