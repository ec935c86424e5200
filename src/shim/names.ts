import { ToolError } from '../errors.ts';

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const KEYWORDS = new Set(
  'auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false typeof asm'.split(
    ' ',
  ),
);

/** What follows a name that belongs to one kernel: `7_1_13_pci_liveupdate_v3`. */
export function suffixOf(release: string): string {
  return release.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
}

/** A name that C takes as it is. @throws ToolError SHIM_UNFIT */
export function identifier(name: string, where: string): string {
  if (IDENTIFIER.test(name) && !KEYWORDS.has(name)) return name;
  throw new ToolError('SHIM_UNFIT', `${where}: ${JSON.stringify(name)} is no name in C`);
}

/** `struct pci_ser` without its keyword. */
export function bareTag(tag: string): string {
  return tag.replace(/^(?:struct|union) /, '');
}
