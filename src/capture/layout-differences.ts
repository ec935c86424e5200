import type { Layout, Member } from '../model/layout.ts';

/**
 * Where two layouts of one struct are not the same bytes, in words: what a source declares and what a build has. Nothing is
 * said of `packed` and alignment, which a build does not carry: with equal offsets and sizes they are equal.
 */
export function layoutDifferences(name: string, source: Layout, built: Layout): string[] {
  const members = memberDifferences(name, source.members, built.members);
  if (source.size === built.size) return members;
  return [`${name} has ${source.size} bytes in the source and ${built.size} in the build`, ...members];
}

function memberDifferences(name: string, source: readonly Member[], built: readonly Member[]): string[] {
  const differences: string[] = [];
  const builtByName = new Map(built.map((member) => [member.name, member]));
  for (const member of source) {
    const path = `${name}.${member.name}`;
    const other = builtByName.get(member.name);
    builtByName.delete(member.name);
    if (!other) differences.push(`${path} is in the source and not in the build`);
    else if (placeOf(member, other) !== placeOf(other, member)) {
      differences.push(
        `${path} is ${placeOf(member, other)} in the source and ${placeOf(other, member)} in the build`,
      );
    } else if (member.members && other.members) {
      differences.push(...memberDifferences(path, member.members, other.members));
    }
  }
  for (const missing of builtByName.keys()) {
    differences.push(`${name}.${missing} is in the build and not in the source`);
  }
  return differences;
}

/** What a pointer leads to counts where both sides say it. */
function placeOf({ bitOffset, bitSize, encoding, pointee }: Member, beside: Member): string {
  const to = pointee === undefined || beside.pointee === undefined ? '' : ` to ${pointee}`;
  return `${oneDimension(encoding)}${to}, ${bitSize} bits at bit ${bitOffset}`;
}

/** BTF may have one dimension where the source has several: `u8[6]` for `u8[2][3]`. */
function oneDimension(encoding: string): string {
  return encoding.replace(/(?:\[\d+\]){2,}/, (dimensions) => {
    const lengths = [...dimensions.matchAll(/\d+/g)].map(Number);
    return `[${lengths.reduce((product, length) => product * length, 1)}]`;
  });
}
