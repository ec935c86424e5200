import type { RecordedField } from './declarations.ts';

/** A struct as the record has it. */
export interface RecordedStruct {
  name: string;
  packed: boolean;
  packed_certain?: boolean;
  name_certain?: boolean;
  fields: readonly RecordedField[];
  /** sizeof and offsets in bytes; absent where a member's type is not recorded. */
  derived_x86_64?: { sizeof: number; offsets?: Readonly<Record<string, number>> };
}

/** One posted or merged state of the structs of one component. */
export interface RecordedEntry {
  component: string;
  series: string;
  version: string;
  date: string;
  base?: string | null;
  source: string;
  path: string;
  structs: readonly RecordedStruct[];
  constants: Readonly<Record<string, unknown>>;
  confidence: string;
  note?: string;
}

/** Constants that fields use as lengths and that the entries name without a plain number. */
const KNOWN_LENGTHS: Readonly<Record<string, number>> = {
  // With CONFIG_PCI_IOV; 11 without.
  DEVICE_COUNT_RESOURCE: 17,
  LUO_ABI_COMPAT_LEN: 8,
  PCI_BRIDGE_RESOURCE_NUM: 4,
  PCI_CFG_SPACE_EXP_SIZE: 4096,
};

/** The constants of an entry that have a value: numbers, BIT(n), hexadecimal text, one level of groups. */
export function constantsOf(entry: RecordedEntry): Map<string, number | string> {
  const found = new Map<string, number | string>();
  const add = ([name, value]: [string, unknown]): void => {
    const known = name in KNOWN_LENGTHS ? KNOWN_LENGTHS[name] : plainValue(value);
    if (known !== undefined) found.set(name, known);
    else if (typeof value === 'object' && value !== null) Object.entries(value).forEach(add);
  };
  Object.entries(entry.constants).forEach(add);
  for (const { array } of entry.structs.flatMap(({ fields }) => fields)) {
    const length = KNOWN_LENGTHS[String(array)];
    if (length !== undefined) found.set(String(array), length);
  }
  return found;
}

function plainValue(value: unknown): number | string | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const bit = /^BIT\((\d+)\)$/.exec(value);
  if (bit) return 2 ** Number(bit[1]);
  if (/^0x[0-9a-f]+$/.test(value)) return Number(value);
  return /^[\w-]+$/.test(value) ? value : undefined;
}

/** Whether the entry leaves open what a struct was called, how it was packed, or which series it belongs to. */
export function isUncertain({ confidence }: RecordedEntry, struct?: RecordedStruct): boolean {
  const hasDoubt = struct?.packed_certain === false || struct?.name_certain === false;
  return confidence.includes('inferred') || hasDoubt;
}

/** The day of an entry where it is known to the day. */
export function dayOf({ date }: RecordedEntry): string | undefined {
  return /^\d{4}-\d{2}-\d{2}/.exec(date)?.[0];
}

/** Message-IDs, trees and commits, without the numbers by which copies of them were kept. */
export function sourceOf({ source }: RecordedEntry): string {
  const kept = withoutCopies(source)
    .replace(
      /^\(repository not named by the index; author's tree presumed ([\w/]+)\)$/,
      'a tree, presumably $1',
    )
    .replace(/^; file known in /, '');
  return kept === '' ? 'a tree whose repository is not known' : kept;
}

function withoutCopies(text: string): string {
  return text
    .replaceAll(/\s*\(stored ids? [^)]*\)/g, '')
    .replaceAll(/[,:]? ?\b(?:stored )?id \d+/g, '')
    .trim();
}

/** What a reader should know of the entry, in one line. */
export function citationOf(entry: RecordedEntry): string {
  const { series, version, confidence, note, component } = entry;
  const notes = [confidence, note?.replace('in the corpus', 'read')]
    .flatMap((text) => (text === undefined ? [] : withoutCopies(text)))
    .join('; ')
    .replace('stored file read', 'file read');
  return `${component}: ${series}, ${version} (${notes})`;
}
