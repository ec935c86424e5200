import { byCodeUnit } from '../model/canonical.ts';
import type { Layout, Member } from '../model/layout.ts';
import type { DiffedUapi, UapiChange } from '../model/outputs.ts';
import type { ShownUapi } from '../model/uapi.ts';
import { ioctlText } from '../model/uapi.ts';

// What programs may ask of two kernels, name by name. A program is not handed over, so nothing here is a finding.

/** What only one of two kernels offers, or what is another thing in the other; by kind and name. */
export function diffUapi(outgoing: ShownUapi, incoming: ShownUapi): DiffedUapi {
  const [before, after] = [wordsOf(outgoing), wordsOf(incoming)];
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort(byKindAndName);
  const changes = keys.flatMap((key): UapiChange[] => {
    const [was, is] = [before.get(key) ?? null, after.get(key) ?? null];
    if (was === is) return [];
    const [kind, name = ''] = key.split(' ');
    const change = was === null ? 'added' : is === null ? 'removed' : 'changed';
    return [{ kind: kind as UapiChange['kind'], name, change, outgoing: was, incoming: is }];
  });
  return { changes };
}

const KINDS = ['ioctl', 'struct', 'constant'];

function byKindAndName(one: string, other: string): number {
  const rank = (key: string): number => KINDS.findIndex((kind) => key.startsWith(`${kind} `));
  return rank(one) - rank(other) || byCodeUnit(one, other);
}

/** Each name with what it is; nothing where the kernel does not offer what its header declares. */
function wordsOf({ available, ioctls, structs, constants }: ShownUapi): Map<string, string> {
  if (available === 'no') return new Map();
  return new Map([
    ...Object.entries(ioctls).map(([name, ioctl]) => [`ioctl ${name}`, ioctlText(ioctl, structs)] as const),
    ...Object.entries(structs).map(([name, layout]) => [`struct ${name}`, layoutText(layout)] as const),
    ...Object.entries(constants).map(([name, value]) => [`constant ${name}`, JSON.stringify(value)] as const),
  ]);
}

function layoutText({ size, members }: Layout): string {
  return `${size} bytes: ${members.map(memberText).join(', ')}`;
}

function memberText({ name, type, members }: Member): string {
  const inner = members === undefined ? '' : ` { ${members.map(memberText).join(', ')} }`;
  return `${type} ${name}${inner}`;
}
