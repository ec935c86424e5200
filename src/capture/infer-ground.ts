import type { Unit } from '../cdecl/index.ts';
import { attempt } from '../errors.ts';
import { TARGETS } from '../model/target.ts';
import type { Caller } from './caller.ts';
import { covered, coveredFiles } from './covered.ts';
import { HandedCode } from './handed-code.ts';
import { CALLED_A_MARKER } from './infer-marker.ts';
import { identityOf } from './infer-name.ts';
import type { DeclarationReader } from './reader.ts';
import { ABI_FOLDER, isLiveUpdateCode } from './wanted.ts';

// Which headers and callers are one component that nobody has described. It is known by the name under which it is registered,
// or by its marker: whatever its files are called, however many there are.

/** More than any kernel has that nobody has described; what is beyond is told of by its file alone. */
const COUNT_LIMIT = 8;

/** What a component is made of that nobody has described. */
export interface Ground {
  id: string;
  /** The header that holds its name, or declares its data where none does; undefined where the callers declare all of it. */
  header: string | undefined;
  unit: Unit;
  /** Other headers of it, and its callers' own headers, beside the unit. */
  beside: readonly Unit[];
  callers: readonly Caller[];
}

/** What such components are made of. */
export function groundsOf(
  headers: readonly string[],
  callers: readonly Caller[],
  reader: DeclarationReader,
): Ground[] {
  const strangers = callers.filter(({ file, names, unread }) => {
    const isOwn = coveredFiles().has(file) || isLiveUpdateCode(file);
    return unread === undefined && !(isOwn && names.length === 0) && names.every(({ isKnown }) => !isKnown);
  });
  const grounds = new Grounds(reader);
  const units = headers
    .filter((path) => path.endsWith('.h') && !coveredFiles().has(path))
    .flatMap((path) => attempt(() => reader.unit(path, TARGETS[0])) ?? []);
  for (const unit of units) grounds.addMarked(unit, strangers);
  for (const unit of units) grounds.addUnmarked(unit, strangers);
  for (const caller of strangers) grounds.addNamed(caller);
  for (const caller of strangers) grounds.addNameless(caller);
  return grounds.all.slice(0, COUNT_LIMIT);
}

class Grounds {
  readonly #reader: DeclarationReader;
  readonly #grounds = new Map<string, Ground>();
  readonly #taken = new Set<Caller>();

  constructor(reader: DeclarationReader) {
    this.#reader = reader;
  }

  get all(): Ground[] {
    return [...this.#grounds.values()];
  }

  /** A header of the ABI that holds a marker, and who speaks of it. */
  addMarked(unit: Unit, strangers: readonly Caller[]): void {
    const markers = markersIn(unit);
    if (markers.length === 0) return;
    const callers = strangers.filter((caller) => this.#speaksOf(unit, caller));
    this.#addHeader(identityOf(markers), unit, callers);
  }

  /** One without a marker is part of the components that include it or whose callers speak of it. */
  addUnmarked(unit: Unit, strangers: readonly Caller[]): void {
    if (markersIn(unit).length > 0) return;
    const callers = strangers.filter((caller) => this.#speaksOf(unit, caller));
    const theirs = this.all.filter(
      (ground) =>
        callers.some((caller) => ground.callers.includes(caller)) ||
        [ground.unit, ...ground.beside].some((one) => this.#includes(one, unit)),
    );
    if (callers.length === 0 && theirs.length === 0) return;
    const names = callers.flatMap((caller) => (caller.names.length > 0 ? nameOf(caller) : []));
    const known = theirs.length > 0 ? theirs.map(({ id }) => id) : names;
    const ids = known.length > 0 ? known : [identityOf([unit.path.replace(/^.*\/|\.h$/g, '')])];
    for (const id of new Set(ids)) this.#addHeader(id, unit, callers);
  }

  /** A file that hands something over under a name that no header of the ABI holds. */
  addNamed(caller: Caller): void {
    if (caller.names.length === 0 || this.#taken.has(caller)) return;
    const unit = attempt(() => this.#reader.unit(caller.file, TARGETS[0]));
    if (!unit) return;
    const beside = this.#unitsOf([caller]);
    const holding = beside.find((one) => one !== unit && holdsName(one, caller));
    const others = [unit, ...beside].filter((one) => one !== holding);
    this.#join({
      id: nameOf(caller),
      header: holding?.path,
      unit: holding ?? unit,
      beside: others,
      callers: [caller],
    });
  }

  /** One that hands over under no name is part of the components whose data it names. */
  addNameless(caller: Caller): void {
    if (caller.names.length > 0 || this.#taken.has(caller)) return;
    const unit = attempt(() => this.#reader.unit(caller.file, TARGETS[0]));
    if (!unit) return;
    for (const ground of this.all) {
      const { names } = dataStructs(ground, this.#reader);
      if (!names.some((name) => this.#reader.mentions(caller.file, name))) continue;
      this.#join({ ...ground, beside: this.#unitsOf([caller]), callers: [caller] });
    }
  }

  #addHeader(id: string, unit: Unit, callers: readonly Caller[]): void {
    for (const caller of callers) this.#taken.add(caller);
    this.#join({ id, header: unit.path, unit, beside: this.#unitsOf(callers), callers });
  }

  #includes({ path }: Unit, header: Unit): boolean {
    const name = header.path.slice(header.path.lastIndexOf('/') + 1).replace(/\W/g, '\\$&');
    const line = new RegExp(`^[ \\t]*#[ \\t]*include[ \\t]*[<"](?:[^">\\n]*/)?${name}[">]`, 'm');
    return line.test(this.#reader.text(path) ?? '');
  }

  /** What is known of a component stays; what it has besides is added. */
  #join(ground: Ground): void {
    const known = this.#grounds.get(ground.id);
    if (!known) {
      this.#grounds.set(ground.id, { ...ground, beside: besides(ground.unit, ground.beside) });
      return;
    }
    const { unit, header } = known.header === undefined ? ground : known;
    const beside = besides(unit, [...known.beside, known.unit, ground.unit, ...ground.beside]);
    const callers = [...new Set([...known.callers, ...ground.callers])];
    this.#grounds.set(ground.id, { id: ground.id, header, unit, beside, callers });
  }

  /** The callers and their own headers, opened. */
  #unitsOf(callers: readonly Caller[]): Unit[] {
    const paths = new Set(callers.flatMap(({ file, headers = [] }) => [...headers, file]));
    return [...paths].flatMap((path) => attempt(() => this.#reader.unit(path, TARGETS[0])) ?? []);
  }

  /** Whether a file uses what a header declares, or hands over under a name that the header holds. */
  #speaksOf(unit: Unit, { file, names }: Caller): boolean {
    const texts = new Set(stringMacros(unit).map(({ text }) => text));
    if (names.some(({ name }) => texts.has(name))) return true;
    // Numbers that it uses say whose the header is only where it is somebody's.
    const numbers = names.length > 0 ? [...ownMacros(unit), ...ownEnumerators(unit)] : [];
    const own = [...ownStructs(unit), ...stringMacros(unit).map(({ name }) => name), ...numbers];
    return own.some((name) => this.#reader.mentions(file, name));
  }
}

/** Units once, without one of them. */
function besides(unit: Unit, others: readonly Unit[]): Unit[] {
  return [...new Set(others)].filter((one) => one !== unit);
}

function markersIn(unit: Unit): string[] {
  return stringMacros(unit).flatMap(({ name, text }) => (CALLED_A_MARKER.test(name) ? text : []));
}

function nameOf({ names }: Caller): string {
  return identityOf(names.map(({ name }) => name));
}

function holdsName(unit: Unit, { names }: Caller): boolean {
  return stringMacros(unit).some(({ name, text }) =>
    names.some((one) => one.name === text || one.name === name),
  );
}

/** The structs of a unit that no component speaks of. */
export function ownStructs(unit: Unit): string[] {
  return unit.declaredStructs().flatMap(({ name }) => (covered().has(name) ? [] : name));
}

/** Its macros without arguments that no component speaks of. */
export function ownMacros(unit: Unit): string[] {
  const macros = unit.declaredMacros().filter(({ functionLike }) => !functionLike);
  return macros.flatMap(({ name }) => (covered().has(name) ? [] : name));
}

/** The units whose macros are a component's own: the header that holds its name, and those of the ABI. */
export function spokenUnits({ unit, beside, header }: Ground): Unit[] {
  return [unit, ...beside].filter(({ path }) => path === header || path.startsWith(`${ABI_FOLDER}/`));
}

/** Its enumerators that no component speaks of. */
export function ownEnumerators(unit: Unit): string[] {
  return unit.declaredEnumerators().flatMap(({ name }) => (covered().has(name) ? [] : name));
}

/** The macros that hold a text, and the text. */
export function stringMacros(unit: Unit): { name: string; text: string }[] {
  return ownMacros(unit).flatMap((name) => {
    const text = attempt(() => unit.constant(name)?.value);
    return typeof text === 'string' && text !== '' && !/^-?\d+$/.test(text) ? [{ name, text }] : [];
  });
}

/** The code of its callers and of their own headers. */
export function handedCode(
  { beside, callers }: Pick<Ground, 'beside' | 'callers'>,
  reader: DeclarationReader,
): HandedCode {
  const code = [...callers.map(({ file }) => file), ...beside.map(({ path }) => path)];
  return new HandedCode([...new Set(code)], reader);
}

/** The structs that are handed over, and those of a component's that others embed. */
export function dataStructs(
  { unit, beside, callers }: Ground,
  reader: DeclarationReader,
): { names: string[]; within: ReadonlySet<string> } {
  const holder = new Map(
    [unit, ...beside].flatMap((one) => ownStructs(one).map((name) => [name, one] as const)),
  );
  const names = [...holder.keys()];
  const layouts = new Map(
    names.map((name) => [name, attempt(() => holder.get(name)?.layout(name))] as const),
  );
  const kept = handedCode({ beside, callers }, reader).structs();
  const isOfAbi = (name: string): boolean => holder.get(name)?.path.startsWith(`${ABI_FOLDER}/`) === true;
  // What a driver has in files of its own is handed over where it is packed, called so, or asks kept memory for itself.
  const isData = (name: string): boolean =>
    isOfAbi(name) || /_ser$/.test(name) || kept.has(name) || layouts.get(name)?.layout.packed === true;
  const within = new Set([...layouts.values()].flatMap((fact) => fact?.within.map(({ name }) => name) ?? []));
  const data = new Set(names.filter(isData));
  // What data embeds or points to is data; what is added on the way is walked as well.
  for (const name of data) {
    const { types = [], within: inner = [] } = layouts.get(name) ?? {};
    const reached = [...types.map((type) => type.replace(/^\w+ /, '')), ...inner.map((one) => one.name)];
    for (const one of reached) if (holder.has(one)) data.add(one);
  }
  return { names: [...data], within };
}
