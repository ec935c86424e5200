import type { Unit } from '../../cdecl/index.ts';
import { kernelIncludeDirs, openUnit } from '../../cdecl/index.ts';
import type { Layout, Member } from '../../model/layout.ts';
import type { PerTarget, Target } from '../../model/target.ts';
import { foldTargets, TARGETS } from '../../model/target.ts';

// Declarations in C, made from what is recorded of a struct, so that our own layout code places its members.

const PATH = 'include/linux/recorded.h';

/** A member as it is recorded. */
export interface RecordedField {
  name: string;
  type: string;
  /** A number, `flexible`, the name of a constant, or two lengths joined by a comma. */
  array: number | string | null;
  bits: number | null;
}

/** A struct from recorded members; undefined where one of them has no type that could be declared. */
export function declareRecorded(
  name: string,
  { fields, packed }: { fields: readonly RecordedField[]; packed: boolean },
): string | undefined {
  const members = fields.map(declareField);
  if (members.some((member) => member === undefined)) return undefined;
  return `struct ${name} {\n${members.join('\n')}\n}${packed ? ' __packed' : ''};\n`;
}

/** Types whose declarations are not recorded: records of KVM's interface, and what a configuration sizes. */
const UNDECLARED =
  /^struct kvm_(?:cpuid_entry2|debugregs|fpu|lapic_state|mp_state|msr_entry|nested_state|regs|sregs|vcpu_events|xcrs|xsave)$|^cpumask_t$/;
/** Lengths that are recorded by a name alone. */
const UNDECLARED_LENGTH = /KHO_(?:TABLE|XARRAY_TBL)_/;

function declareField({ name, type, array, bits }: RecordedField): string | undefined {
  if (type.includes('UAPI') || UNDECLARED.test(type) || UNDECLARED_LENGTH.test(String(array)))
    return undefined;
  // A pointer that is written as a physical address: a union of both.
  if (type.startsWith('KHOSER_PTR') || type.startsWith('union{u64 phys;'))
    return `union { u64 phys; void *ptr; } ${name};`;
  return `${type} ${name}${dimensions(array)}${bits === null ? '' : `:${bits}`};`;
}

function dimensions(array: RecordedField['array']): string {
  if (array === null) return '';
  if (array === 'flexible') return '[]';
  if (String(array).startsWith('[')) return String(array);
  return `[${String(array).replaceAll(',', '][')}]`;
}

/** A struct or union from its layout in a document, members in their order. */
export function declareLayout(name: string, { kind, packed, members }: Layout): string {
  return `${kind} ${name} {\n${members.map(declareMember).join('\n')}\n}${packed ? ' __packed' : ''};\n`;
}

function declareMember({ name, type, encoding, members }: Member): string {
  const bits = /:(\d+)$/.exec(encoding);
  const [, element = type, lengths = ''] = /^(.*?)((?:\[\d*\])*)$/.exec(type) ?? [];
  const unnamed =
    members && `${element.replace(/ \(anon\)$/, '')} { ${members.map(declareMember).join(' ')} }`;
  return `${unnamed ?? element} ${name}${lengths}${bits ? `:${bits[1]}` : ''};`;
}

/** The layouts of some structs of a text on every target, without places. */
export function computeLayouts(text: string, names: readonly string[]): Map<string, PerTarget<Layout>> {
  const tree = { read: (path: string) => (path === PATH ? text : undefined) };
  const units = TARGETS.map((target): [Target, Unit] => [
    target,
    openUnit({ tree, target, includeDirs: kernelIncludeDirs(target), config: new Map() }, PATH),
  ]);
  return new Map(names.map((name) => [name, foldTargets(new Map(units.map(layoutIn(name))))]));
}

function layoutIn(name: string): (of: [Target, Unit]) => [Target, Layout] {
  return ([target, unit]) => {
    const fact = unit.layout(name);
    if (!fact) throw new Error(`${name}: no layout`);
    return [target, { ...fact.layout, members: fact.layout.members.map(withoutPlace) }];
  };
}

function withoutPlace({ where: _where, members, ...member }: Member): Member {
  return { ...member, ...(members && { members: members.map(withoutPlace) }) };
}
