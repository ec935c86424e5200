import type { Layout, Member } from '../model/layout.ts';

/**
 * Where two layouts of one struct are not the same bytes, in words: what a source declares and what a build has. Nothing is
 * said of `packed` and alignment, which a build does not carry: with equal offsets and sizes they are equal.
 */
export function layoutDifferences(name: string, source: Layout, built: Layout): string[] {
  const differences: string[] = [];
  if (source.size !== built.size) {
    differences.push(`${name} has ${source.size} bytes in the source and ${built.size} in the build`);
  }
  const builtByName = new Map(built.members.map((member) => [member.name, member]));
  for (const member of source.members) {
    const other = builtByName.get(member.name);
    builtByName.delete(member.name);
    if (!other) differences.push(`${name}.${member.name} is in the source and not in the build`);
    else if (placeOf(member) !== placeOf(other)) {
      differences.push(
        `${name}.${member.name} is ${placeOf(member)} in the source and ${placeOf(other)} in the build`,
      );
    }
  }
  for (const missing of builtByName.keys()) {
    differences.push(`${name}.${missing} is in the build and not in the source`);
  }
  return differences;
}

function placeOf({ bitOffset, bitSize, encoding }: Member): string {
  return `${oneDimension(encoding)}, ${bitSize} bits at bit ${bitOffset}`;
}

/** BTF may have one dimension where the source has several: `u8[6]` for `u8[2][3]`. */
function oneDimension(encoding: string): string {
  return encoding.replace(/(?:\[\d+\]){2,}/, (dimensions) => {
    const lengths = [...dimensions.matchAll(/\d+/g)].map(Number);
    return `[${lengths.reduce((product, length) => product * length, 1)}]`;
  });
}
