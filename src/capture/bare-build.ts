import type { ComponentDefinition, Era, NodeFacts } from '../components/define.ts';
import { bareState } from '../model/bare-state.ts';
import type { ComponentState, ConstantState, FdtNode, StructState } from '../model/component-state.ts';
import type { Fidelity } from '../model/fidelity.ts';
import type { ConstantValue } from '../model/layout.ts';
import type { Marker } from '../model/marker.ts';
import type { PerTarget, Target } from '../model/target.ts';
import type { BuildFacts } from '../sources/build-facts.ts';
import type { BtfLayout } from './btf-layout.ts';
import type { BuildDeclarations } from './build-declarations.ts';
import { markerPattern } from './marker-strings.ts';

// One component read out of a build alone. Types, enumerators and strings are there; macros and code are not, so that
// whatever rests on those is written down as not checked, and no verdict can pass on it.

export interface BuildContext {
  facts: BuildFacts;
  declarations: BuildDeclarations;
  /** The targets that the build may be. */
  targets: readonly Target[];
  /** Options under which something is built, as the functions of its BTF show. */
  shownOptions: ReadonlySet<string>;
}

export interface BuiltComponent {
  state: ComponentState;
  fidelity: Fidelity;
}

/** So many functions are not all inlined: where the BTF has none of them, the code is not built. */
export const ENOUGH_FUNCTIONS = 3;

/** Reads one component out of a build. What nothing of the build says makes it `unknown`. */
export function componentOfBuild(definition: ComponentDefinition, context: BuildContext): BuiltComponent {
  const absent =
    absentByConfig(definition, context) ??
    absentBySection(definition, context) ??
    absentByFunctions(definition, context);
  if (absent) return absent;
  const era = eraOf(definition, context);
  if (era) return new EraReader(definition, era, context).read();
  const reason = context.declarations.hasTypes
    ? 'the BTF of the build has not the structs of any form of it that is known'
    : 'neither a configuration nor BTF of the build says';
  return bare(definition, { available: 'unknown', reason }, { all: ['inferred'] });
}

function bare(
  { eras, boot }: ComponentDefinition,
  { available, reason }: { available: 'no' | 'unknown'; reason: string },
  fidelity: Fidelity,
): BuiltComponent {
  return { state: bareState({ available, reason, boot, needs: eras[0]?.needs ?? [] }), fidelity };
}

/** Options that every form of a component is built under. */
function commonOptions({ eras }: ComponentDefinition): string[] {
  const [first, ...others] = eras.map(({ options }) => options);
  return (first ?? []).filter((option) => others.every((options) => options.includes(option)));
}

function absentByConfig(
  definition: ComponentDefinition,
  { facts }: BuildContext,
): BuiltComponent | undefined {
  const values = facts.config?.values;
  const isSet = (option: string): boolean => /^[ym]$/.test(values?.get(option) ?? 'n');
  const off = values && commonOptions(definition).find((option) => !isSet(option));
  if (off === undefined) return undefined;
  const built = bare(definition, { available: 'no', reason: `${off} is not set` }, { all: ['config'] });
  built.state.options = [{ name: off, value: 'n' }];
  return built;
}

/** What lies in a section of the image is not there where the image was read and has no such section. */
function absentBySection(
  definition: ComponentDefinition,
  { facts }: BuildContext,
): BuiltComponent | undefined {
  const sections = definition.eras.flatMap(({ marker }) => /^section:(.+)$/.exec(marker.carrier)?.[1] ?? []);
  if (sections.length === 0 || !facts.strings || facts.liveupdate) return undefined;
  const reason = `the image has no section ${sections.join(' or ')}`;
  return bare(definition, { available: 'no', reason }, { all: ['section'] });
}

function absentByFunctions(
  definition: ComponentDefinition,
  { facts, declarations }: BuildContext,
): BuiltComponent | undefined {
  const names = definition.eras.flatMap(functionsOf);
  const isBuilt = names.length < ENOUGH_FUNCTIONS ? undefined : declarations.hasSomeFunction(names);
  if (isBuilt !== false) return undefined;
  const none = `the BTF of the build has none of the functions of ${definition.id}`;
  const [option] = facts.config ? [] : commonOptions(definition);
  const reason = option === undefined ? none : `${option} is not set, as it seems: ${none}`;
  const built = bare(definition, { available: 'no', reason }, { all: ['inferred', 'btf'] });
  built.state.options = option === undefined ? [] : [{ name: option, value: 'n' }];
  built.state.inferred = [option === undefined ? `${definition.id} is not there` : `${option} is not set`];
  return built;
}

/** Every name that a function of an era's code went by. */
export function functionsOf(era: Pick<Era, 'code'>): string[] {
  return era.code.flatMap(({ functions }) => functions.flatMap((names) => names as string | string[]));
}

/** The newest form of which the build has every struct and some function. */
function eraOf({ eras }: ComponentDefinition, { declarations }: BuildContext): Era | undefined {
  return eras.find((era) => {
    const required = Object.entries(era.structs).filter(([, { optional }]) => !optional);
    if (required.some(([name]) => declarations.layouts(name).length === 0)) return false;
    const hasCode = declarations.hasSomeFunction(functionsOf(era)) === true;
    return hasCode || (required.length > 0 && era.code.length === 0);
  });
}

class EraReader {
  readonly #definition: ComponentDefinition;
  readonly #era: Era;
  readonly #context: BuildContext;
  readonly #unchecked = new Set<string>();
  readonly #inferred = new Set<string>();
  #isTreeUnread = false;

  constructor(definition: ComponentDefinition, era: Era, context: BuildContext) {
    this.#definition = definition;
    this.#era = era;
    this.#context = context;
  }

  read(): BuiltComponent {
    const { id, needs, reader, checks, code } = this.#era;
    this.#inferred.add(`the form ${id}, by its structs and functions`);
    if (this.#context.targets.length !== 1) this.#unchecked.add('the page size of the build');
    const structs = this.#structs();
    const constants = this.#constants();
    const marker = this.#marker();
    const fdt = this.#era.fdt.flatMap((node) => this.#node(node));
    const { boot } = this.#definition;
    const state: ComponentState = {
      available: 'yes',
      era: id,
      options: this.#options(),
      ...(boot !== undefined && { boot }),
      needs: [...needs],
      ...(marker && { marker }),
      structs,
      constants,
      fdt,
      ...(this.#isTreeUnread && { fdtUnread: true }),
      checks: checks.map((check) => ({ ...check })),
      reader: { ...reader },
      code: code
        .flatMap(({ side, functions }) =>
          functions.map((names) => ({ side, function: typeof names === 'string' ? names : names[0] })),
        )
        .sort((a, b) => (a.function < b.function ? -1 : 1)),
      unchecked: [...this.#unchecked].sort(),
      inferred: [...this.#inferred].sort(),
      places: {},
    };
    return { state, fidelity: this.#fidelity() };
  }

  #fidelity(): Fidelity {
    return {
      availability: this.#context.facts.config ? ['config', 'btf'] : ['btf'],
      marker: ['rodata', 'inferred'],
      structs: ['btf'],
      constants: ['btf'],
      fdt: ['inferred'],
      checks: ['inferred'],
      code: ['btf'],
    };
  }

  #options(): ComponentState['options'] {
    const values = this.#context.facts.config?.values;
    return this.#era.options.map((name) => ({ name, ...(values && { value: values.get(name) ?? 'n' }) }));
  }

  #perTarget<T>(value: T): PerTarget<T> {
    return Object.fromEntries(this.#context.targets.map((target) => [target, value]));
  }

  #structs(): ComponentState['structs'] {
    const found: [string, StructState][] = [];
    for (const [name, { placement, targets }] of Object.entries(this.#era.structs)) {
      if (targets && !this.#context.targets.some((target) => targets.includes(target))) continue;
      const [read, ...others] = this.#context.declarations.layouts(name);
      if (!read) {
        this.#unchecked.add(name);
        continue;
      }
      this.#doubt(name, read, others.length);
      found.push([name, { placement, layout: this.#perTarget(read.layout) }]);
    }
    return Object.fromEntries(found);
  }

  /** What BTF leaves open of every layout, and of this one. */
  #doubt(name: string, { inferred }: BtfLayout, namesakes: number): void {
    this.#inferred.add('alignment and packing of its structs');
    for (const text of inferred) {
      if (text !== 'align' && text !== 'packed') this.#inferred.add(`${text} of ${name}`);
    }
    if (namesakes > 0) this.#unchecked.add(`${name}, of which the build has ${namesakes + 1}`);
  }

  #constants(): ComponentState['constants'] {
    const found: [string, ConstantState][] = [];
    for (const [name, { role }] of Object.entries(this.#era.constants)) {
      const value = this.#context.declarations.enumerator(name);
      if (value !== undefined) found.push([name, { role, value: this.#perTarget(scalar(value)) }]);
      else if (role !== 'helper') this.#unchecked.add(name);
    }
    return Object.fromEntries(found);
  }

  #marker(): Marker | undefined {
    const { kind, macro, nameMacro, carrier, dispatcher, guardedBy } = this.#era.marker;
    const rest = {
      carrier,
      ...(dispatcher !== undefined && { dispatcher }),
      ...(guardedBy !== undefined && { guardedBy }),
    };
    if (macro === undefined) return { kind, accepts: [], ...rest };
    const value = nameMacro === undefined ? this.#markerString() : undefined;
    if (value === undefined) {
      this.#unchecked.add(macro);
      return undefined;
    }
    this.#inferred.add(`the marker ${value}, the only such string in the image`);
    return { kind, writes: value, accepts: [{ value }], macro, ...rest };
  }

  #markerString(): string | undefined {
    const pattern = markerPattern(this.#definition);
    const found = pattern && this.#context.facts.strings?.(pattern);
    return found?.length === 1 ? found[0] : undefined;
  }

  /** A name that a macro holds is not in a build under that name. */
  #node(node: NodeFacts): FdtNode[] {
    const macros = [node, ...node.properties].flatMap((named) => ('macro' in named ? [named.macro] : []));
    for (const macro of macros) this.#unchecked.add(macro);
    if (macros.length > 0) this.#isTreeUnread = true;
    if ('macro' in node) return [];
    const properties = node.properties.flatMap((property) => {
      if ('macro' in property) return [];
      const { name, type, onMissing, exactLength } = property;
      return [
        {
          name,
          type,
          ...(onMissing !== undefined && { onMissing }),
          ...(exactLength !== undefined && { exactLength }),
        },
      ];
    });
    const { name, onMissing, missingMessage } = node;
    return [
      {
        path: name,
        ...(onMissing !== undefined && { onMissing }),
        ...(missingMessage !== undefined && { missingMessage }),
        properties,
      },
    ];
  }
}

function scalar(value: bigint): ConstantValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
