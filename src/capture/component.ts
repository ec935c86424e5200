import type { LayoutFact, Unit } from '../cdecl/index.ts';
import { ownDefinitions } from '../components/index.ts';
import { ToolError } from '../errors.ts';
import { bareState } from '../model/bare-state.ts';
import { byCodeUnit, sortKeys } from '../model/canonical.ts';
import type { CaptureFinding } from '../model/capture.ts';
import type {
  ComponentDefinition,
  Era,
  NodeFacts,
  PropertyFacts,
  TreeName,
} from '../model/component-definition.ts';
import type {
  Check,
  CodeState,
  ComponentState,
  ConstantState,
  FdtNode,
  FdtProperty,
  OptionState,
  Reader,
  StructState,
} from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { ConstantValue, Layout, Member, Where } from '../model/layout.ts';
import type { AcceptedMarker, Marker } from '../model/marker.ts';
import type { Target } from '../model/target.ts';
import { foldTargets, TARGETS } from '../model/target.ts';
import { type BuildOptions, buildOptions, givenByMakefiles, kconfigTexts } from './build-options.ts';
import type { CodeBase } from './code-base.ts';
import { valuesBetween } from './code-range.ts';
import { codeRows, type ReachedCode, reachedCode } from './code-rows.ts';
import { valuesOf } from './code-values.ts';
import { confirmed } from './confirm.ts';
import { covered } from './covered.ts';
import { doubtFindings, withDoubts } from './doubts.ts';
import { uncalled } from './hooks.ts';
import { outsideCalls } from './outside-calls.ts';
import type { DeclarationReader } from './reader.ts';
import type { Renamed } from './reading.ts';
import { registeredHandlers } from './registrations.ts';
import {
  movedEra,
  remarkedEra,
  renamedConstant,
  renamedEra,
  renamedMarker,
  renamedStruct,
} from './renamed.ts';
import { roundTripsOf } from './round-trips.ts';
import { undescribedNames } from './tree-words.ts';
import { unbuildable, unselected } from './unbuildable.ts';
import { undescribedNumbers } from './undescribed-numbers.ts';
import { ABI_FOLDER, CODE_WITNESS } from './wanted.ts';
import { widthsOf } from './widths.ts';

export interface ComponentCapture {
  state: ComponentState;
  findings: CaptureFinding[];
}

/** Reads one component out of a kernel's declarations. What cannot be read makes it `unknown`, never absent. */
export function captureComponent(
  definition: ComponentDefinition,
  reader: DeclarationReader,
): ComponentCapture {
  try {
    return new ComponentReader(definition, reader).capture();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const state = emptyState(definition, 'unknown', error.message);
    return { state, findings: [findingOf(definition.id, error)] };
  }
}

/** The finding that an error in a component's declarations leaves in the document. */
export function findingOf(component: string, error: ToolError): CaptureFinding {
  const { path, line, source } = error.details;
  const shown = source === undefined ? error.message : `${error.message}: ${source.trim()}`;
  return {
    code: error.code,
    component,
    message: shown,
    ...(path !== undefined && { where: line === undefined ? path : `${path}:${line}` }),
  };
}

function emptyState(
  { eras, boot }: ComponentDefinition,
  available: 'no' | 'unknown',
  reason: string,
): ComponentState {
  return bareState({ available, reason, boot, needs: eras[0]?.needs ?? [] });
}

class ComponentReader {
  readonly #definition: ComponentDefinition;
  readonly #reader: DeclarationReader;
  readonly #places = new Map<string, string>();
  readonly #unchecked = new Set<string>();
  readonly #renamed = new Map<Era, Renamed | undefined>();
  /** Structs that pointers lead to, with the file that they are seen from. */
  readonly #pointees: { tag: string; file: string }[] = [];

  constructor(definition: ComponentDefinition, reader: DeclarationReader) {
    this.#definition = definition;
    this.#reader = reader;
  }

  capture(): ComponentCapture {
    const isThere = this.#reader.holds(this.#definition.anchor);
    const recognized = (isThere && this.#recognized()) || undefined;
    const era =
      (recognized && remarkedEra(this.#definition, recognized, this.#reader)) ||
      recognized ||
      renamedEra(this.#definition, this.#reader) ||
      movedEra(this.#definition, this.#reader);
    if (!era) return { state: isThere ? this.#unrecognized() : this.#absent(isThere), findings: [] };
    const state = this.#stateOf(era);
    this.#checkAssertions(state);
    // What is switched off has empty stand-ins for its functions.
    const isOff = state.available === 'no';
    const isClaimed = !isOff && !this.#definition.isInferred;
    const { state: read, doubts } = isClaimed ? this.#confirmed(era, state) : { state, doubts: [] };
    const names = ownDefinitions().has(this.#definition.id)
      ? undescribedNames(era.files, read, this.#reader)
      : [];
    const uncalledHere = isClaimed ? uncalled(this.#definition.id, this.#codeBase(era), this.#reader) : [];
    const around = isClaimed ? this.#callsOf(era, read) : read;
    const kconfigs = kconfigTexts(this.#reader);
    const unbuilt = [...unbuildable(era, kconfigs), ...unselected(this.#definition.id, kconfigs)];
    const doubted = withDoubts(around, [
      ...doubts,
      ...names,
      ...uncalledHere,
      ...this.#dependences(read, era),
      ...givenByMakefiles(era, this.#reader),
      ...(this.#reader.config ? [] : unbuilt),
    ]);
    return { state: doubted, findings: doubtFindings({ [this.#definition.id]: doubted }) };
  }

  /** The facts with how the rest of the kernel calls the component. */
  #callsOf(era: Era, state: ComponentState): ComponentState {
    const { calls, places } = outsideCalls(this.#definition.id, era, {
      base: this.#codeBase(era),
      reader: this.#reader,
    });
    if (calls.length === 0) return state;
    const { unchecked, inferred, isInferred, places: known, ...facts } = state;
    return {
      ...facts,
      calls,
      unchecked,
      ...(inferred && { inferred }),
      ...(isInferred && { isInferred }),
      places: sortKeys({ ...known, ...places }),
    };
  }

  #recognized(): Era | undefined {
    return this.#definition.eras.find(({ recognizedBy }) =>
      recognizedBy.every((anchor) => this.#reader.holds(anchor) === true),
    );
  }

  /** The code of the kernel as the component sees it. */
  #codeBase(era: Era): CodeBase {
    return this.#reader.codeBase(era.files, this.#renamedStruct(era));
  }

  /** The facts as the code at hand has them. */
  #confirmed(era: Era, state: ComponentState): ReturnType<typeof confirmed> {
    const valueNamed = (name: string): ConstantValue | undefined => {
      const file = this.#reader.fileOf('constant', era.files, name);
      return file === undefined ? undefined : this.#reader.unit(file, TARGETS[0])?.constant(name)?.value;
    };
    const base = this.#codeBase(era);
    return confirmed({ definition: this.#definition, era, state, base, valueNamed });
  }

  /** A file that contradicts itself on some target says nothing that a verdict could rest on. */
  #checkAssertions({ places }: ComponentState): void {
    const declared = Object.entries(places).filter(([name]) => !name.startsWith('function '));
    for (const path of new Set(declared.map(([, place]) => place.replace(/:\d+$/, '')))) {
      const failed = this.#reader.failedAssertion(path);
      if (!failed) continue;
      const { target, text, where } = failed;
      const message = `${where.file}:${where.line}: static_assert(${text}) fails on ${target}`;
      throw new ToolError('C_STATIC_ASSERT', message, { path: where.file, line: where.line });
    }
  }

  /** Declarations that some other option of the build would change, where no configuration says which. */
  #dependences({ structs, constants, marker, code, places }: ComponentState, era: Era): FoundDoubt[] {
    const facts = new Map<string, string[]>();
    const note = (fact: string, place: string | undefined) => {
      const path = place?.replace(/:\d+$/, '');
      if (path !== undefined) facts.set(path, [...(facts.get(path) ?? []), fact]);
    };
    for (const name of Object.keys(structs)) note(`layout ${name}`, places[`struct ${name}`]);
    for (const name of Object.keys(constants)) note(`constant ${name}`, places[`constant ${name}`]);
    if (marker?.macro !== undefined) note(`constant ${marker.macro}`, places.marker);
    const { object, kind } = era.marker;
    // What a description holds may stand under an option as well.
    if (object && kind === 'integer-range') {
      note(`function ${object.symbol}`, this.#codeBase(era).placeOf(object.symbol));
    }
    for (const { function: name } of code) {
      const place = places[`function ${name}`];
      if (place !== undefined && this.#testsOptions(place)) note(`function ${name}`, place);
    }
    const paths = [...facts].sort(([one], [other]) => byCodeUnit(one, other));
    return paths.flatMap(([path, facts]) =>
      this.#reader.dependences(path, facts).flatMap(({ option, where, readings, supposed }) =>
        Object.entries(readings).map(
          ([name, reading]): FoundDoubt => ({
            code: 'config-dependent',
            subject: name,
            message:
              supposed === undefined
                ? `${name} would differ with ${option}; captured without it`
                : `${name} would differ with another ${option}; captured with ${supposed}`,
            reading: `${option} ${reading}`,
            condition: sameOption(option),
            where: `${where.file}:${where.line}`,
          }),
        ),
      ),
    );
  }

  /** Whether a file has conditionals with options: what stands there, or another of its name, may be of another build. */
  #testsOptions(place: string): boolean {
    return OPTION_TEST.test(this.#reader.text(place.replace(/:\d+$/, '')) ?? '');
  }

  #absent(isThere: false | undefined): ComponentState {
    const { anchor } = this.#definition;
    const isCodeAlone = anchor.files.every((file) => file.endsWith('.c'));
    const needsCode = isCodeAlone || anchor.files.some((file) => file.endsWith('.c'));
    const lacksCode = needsCode && !this.#reader.exists(CODE_WITNESS) && this.#hasKho();
    if (lacksCode) {
      const code = anchor.files.filter((file) => file.endsWith('.c')).join(', ');
      return emptyState(this.#definition, 'unknown', `declared in ${code}, which this source does not hold`);
    }
    const what = isThere === undefined ? anchor.files[0] : (anchor.macro ?? anchor.struct ?? anchor.files[0]);
    return emptyState(this.#definition, 'no', `this kernel has no ${what}`);
  }

  #hasKho(): boolean {
    return this.#reader.exists('include/linux/kexec_handover.h');
  }

  #unrecognized(): ComponentState {
    const code = this.#definition.eras
      .flatMap(({ recognizedBy }) => recognizedBy.flatMap(({ files }) => files))
      .filter((file) => file.endsWith('.c') && !this.#reader.exists(file));
    const reason =
      code.length > 0 && !this.#reader.exists(CODE_WITNESS)
        ? `declared in ${[...new Set(code)].join(' or ')}, which this source does not hold`
        : `its declarations match no era of ${this.#definition.id} that is known`;
    return emptyState(this.#definition, 'unknown', reason);
  }

  #stateOf(era: Era): ComponentState {
    const structs = this.#structsOf(era);
    const constants = this.#constantsOf(era);
    const marker = this.#markerOf(era, constants);
    const fdt = era.fdt.map((node) => this.#nodeOf(era, node)).sort((a, b) => byCodeUnit(a.path, b.path));
    const reached = reachedCode(era, this.#codeBase(era));
    const code = this.#codeOf(era, marker, reached);
    const { values, kept } = valuesOf(era, this.#codeBase(era), reached);
    const widths = widthsOf({ id: this.#definition.id, era }, { base: this.#codeBase(era), reached });
    const roundTrips = roundTripsOf(this.#definition.id, this.#codeBase(era));
    const built = buildOptions(era, this.#reader);
    return {
      ...this.#availability(built),
      era: era.id,
      options: this.#optionsOf(built),
      ...(this.#definition.boot !== undefined && { boot: this.#definition.boot }),
      needs: [...era.needs],
      marker,
      structs: sortKeys(Object.fromEntries(structs)),
      constants: sortKeys(Object.fromEntries(constants)),
      fdt,
      checks: era.checks.map((check): Check => ({ ...check, struct: this.#nameHere(era, check.struct) })),
      reader: readerOf(era),
      code,
      ...(values.length > 0 && { values, kept }),
      ...(roundTrips.length > 0 && { roundTrips }),
      ...(Object.keys(widths).length > 0 && { widths }),
      unchecked: [...this.#unchecked].sort(byCodeUnit),
      places: sortKeys(Object.fromEntries(this.#places)),
    };
  }

  #renamedStruct(era: Era): Renamed | undefined {
    if (!this.#renamed.has(era)) this.#renamed.set(era, renamedStruct(era, this.#reader));
    return this.#renamed.get(era);
  }

  /** What a struct of the era is called in this kernel. */
  #nameHere(era: Era, struct: string): string {
    const renamed = this.#renamedStruct(era);
    return renamed?.from === struct ? renamed.to : struct;
  }

  #optionsOf({ options }: BuildOptions): OptionState[] {
    const { config } = this.#reader;
    return options.map((name) => ({ name, ...(config && { value: config.get(name) ?? 'n' }) }));
  }

  #availability({ options, unclear }: BuildOptions): Pick<ComponentState, 'available' | 'reason'> {
    const { config } = this.#reader;
    if (unclear !== undefined) return { available: 'unknown', reason: unclear };
    if (!config) return { available: 'buildable' };
    const off = options.find((name) => !['y', 'm'].includes(config.get(name) ?? 'n'));
    return off === undefined ? { available: 'yes' } : { available: 'no', reason: `${off} is not set` };
  }

  #place(key: string, where: Where | undefined): void {
    if (where) this.#places.set(key, `${where.file}:${where.line}`);
  }

  /** The file of a fact, or undefined where the fact may be missing. */
  #fileFor(
    era: Era,
    kind: 'constant' | 'struct',
    name: string,
    { isOptional = false, isHelper = false } = {},
  ): string | undefined {
    const file = this.#reader.fileOf(kind, era.files, name);
    if (file !== undefined) return file;
    const missing = era.files.filter((path) => path.endsWith('.c') && !this.#reader.exists(path));
    const isHeadersOnly = missing.length > 0 && !this.#reader.exists(CODE_WITNESS);
    if (isOptional) {
      if (isHeadersOnly && kind === 'constant' && !isHelper) this.#unchecked.add(name);
      return undefined;
    }
    const rest = isHeadersOnly ? `; ${missing.join(' and ')} is not in this source` : '';
    throw new ToolError('C_UNRESOLVED', `${name} is not declared in ${era.files.join(', ')}${rest}`);
  }

  #structsOf(era: Era): Map<string, StructState> {
    const structs = new Map<string, StructState>();
    for (const [known, facts] of Object.entries(era.structs)) {
      const name = this.#nameHere(era, known);
      const declaring = this.#fileFor(era, 'struct', name, { isOptional: facts.optional === true });
      if (declaring === undefined) continue;
      const file = this.#reader.seenFrom(declaring, era.files);
      this.#addStruct(structs, { name, file, placement: facts.placement, targets: facts.targets ?? TARGETS });
    }
    this.#addReached(era, structs);
    return structs;
  }

  /** What the pointers in its structs lead to, where handed-over data of no component is declared there. */
  #addReached(era: Era, structs: Map<string, StructState>): void {
    const isOwn = (path: string): boolean => path.startsWith(`${ABI_FOLDER}/`) || era.files.includes(path);
    const open = [...this.#pointees];
    for (let next = open.shift(); next; next = open.shift()) {
      const { tag, file } = next;
      const name = tag.replace(/^\w+ /, '');
      if (covered().has(name) || structs.has(name)) continue;
      const where = this.#reader.unit(file, TARGETS[0])?.layout(tag)?.where;
      if (!where || !isOwn(where.file)) continue;
      this.#pointees.length = 0;
      this.#addStruct(structs, { name, file, placement: 'reached', targets: TARGETS });
      open.push(...this.#pointees);
    }
  }

  #addStruct(
    structs: Map<string, StructState>,
    {
      name,
      file,
      placement,
      targets,
    }: Pick<StructState, 'placement'> & {
      name: string;
      file: string;
      targets: readonly Target[];
    },
  ): void {
    const facts = this.#reader.byTarget(file, targets, (unit) => {
      const fact = unit?.layout(name);
      if (!fact) throw new ToolError('C_UNRESOLVED', `${file}: ${name} has no definition`, { path: file });
      return fact;
    });
    const layouts = new Map<LayoutFact, Layout>();
    for (const fact of new Set(facts.values())) {
      const { layout, where, within } = fact;
      this.#place(`struct ${name}`, where);
      for (const inner of within) this.#place(`struct ${inner.name}`, inner.where);
      this.#placeMembers(name, layout.members);
      for (const tag of pointeesOf(layout.members)) this.#pointees.push({ tag, file });
      layouts.set(fact, { ...layout, members: layout.members.map(withoutPlace) });
    }
    const byTarget = new Map([...facts].map(([target, fact]) => [target, layouts.get(fact) as Layout]));
    structs.set(name, { placement, layout: foldTargets(byTarget) });
  }

  #placeMembers(prefix: string, members: readonly Member[]): void {
    for (const member of members) {
      this.#place(`${prefix}.${member.name}`, member.where);
      this.#placeMembers(`${prefix}.${member.name}`, member.members ?? []);
    }
  }

  #constantsOf(era: Era): Map<string, ConstantState> {
    const constants = new Map<string, ConstantState>();
    const renamed = renamedConstant(era, this.#reader);
    for (const [known, facts] of Object.entries(era.constants)) {
      const { role, optional, spelled, says, targets = TARGETS } = facts;
      if (says !== undefined)
        constants.set(known, { role, value: foldTargets(new Map(targets.map((target) => [target, says]))) });
      if (spelled || says !== undefined) continue;
      const name = renamed?.from === known ? renamed.to : known;
      const file = this.#fileFor(era, 'constant', name, {
        isOptional: optional === true,
        isHelper: role === 'helper' || role === 'gate',
      });
      if (file === undefined) continue;
      const byTarget = this.#reader.byTarget(file, targets, (unit) => this.#valueIn(unit, file, name));
      constants.set(name, { role, value: foldTargets(byTarget) });
    }
    const others = this.#definition.isInferred ? [] : undescribedNumbers(era.files, this.#reader);
    for (const [name, { state, place }] of others) {
      if (constants.has(name)) continue;
      constants.set(name, state);
      this.#places.set(`constant ${name}`, place);
    }
    return constants;
  }

  #valueIn(unit: Unit | undefined, file: string, name: string, key = `constant ${name}`): ConstantValue {
    const fact = unit?.constant(name);
    if (!fact) throw new ToolError('C_UNRESOLVED', `${file}: ${name} has no value`, { path: file });
    this.#place(key, fact.where);
    return fact.value;
  }

  /** A macro's value where it is the same for every target, as names and markers are. */
  #nameOf(era: Era, macro: string, key: string): ConstantValue {
    const file = this.#fileFor(era, 'constant', macro) as string;
    return this.#valueIn(this.#reader.unit(file, TARGETS[0]), file, macro, key);
  }

  #markerOf(era: Era, constants: ReadonlyMap<string, ConstantState>): Marker {
    const { kind, nameMacro, minimumMacro, carrier, dispatcher, guardedBy, lengthConstant } = era.marker;
    const macro = this.#markerMacro(era);
    const isElsewhere = macro !== undefined && this.#isLeftToCode(era, macro);
    const writes = macro === undefined || isElsewhere ? undefined : this.#nameOf(era, macro, 'marker');
    const length = lengthConstant === undefined ? undefined : constants.get(lengthConstant)?.value;
    return {
      kind,
      ...(nameMacro !== undefined && { name: String(this.#nameOf(era, nameMacro, 'marker name')) }),
      ...(writes !== undefined && { writes }),
      accepts: this.#accepted(era, writes, minimumMacro),
      ...(macro !== undefined && { macro }),
      ...(guardedBy !== undefined && { guardedBy }),
      carrier,
      ...(dispatcher !== undefined && { dispatcher }),
      ...(length !== undefined && { length: length as Marker['length'] & object }),
    };
  }

  /** What its reader takes, as far as declarations say it. */
  #accepted(era: Era, writes: ConstantValue | undefined, minimumMacro: string | undefined): AcceptedMarker[] {
    if (writes === undefined) return [];
    if (minimumMacro === undefined) return [{ value: writes }];
    return valuesBetween(this.#nameOf(era, minimumMacro, 'marker minimum'), writes);
  }

  #markerMacro(era: Era): string | undefined {
    const { macro } = era.marker;
    if (macro === undefined) return undefined;
    const { markerStems: stems = [] } = this.#definition;
    return renamedMarker({ macro, stems }, era, this.#reader) ?? macro;
  }

  /** A handler tells its name itself: where the macro goes by another name, the code has it. */
  #isLeftToCode(era: Era, macro: string): boolean {
    if (era.marker.carrier !== 'file-handler' || this.#reader.fileOf('constant', era.files, macro))
      return false;
    return registeredHandlers(era, this.#codeBase(era)).length > 0;
  }

  #treeName(era: Era, name: TreeName): string {
    if ('name' in name) return name.name;
    const value = String(this.#nameOf(era, name.macro, `constant ${name.macro}`));
    return `${name.prefix ?? ''}${value}`;
  }

  #nodeOf(era: Era, node: NodeFacts): FdtNode {
    const path = this.#treeName(era, node);
    if ('macro' in node) this.#places.set(`fdt ${path}`, this.#places.get(`constant ${node.macro}`) ?? '');
    const properties = node.properties.map((property) => this.#propertyOf(era, path, property));
    return {
      path,
      ...(node.onMissing !== undefined && { onMissing: node.onMissing }),
      ...(node.missingMessage !== undefined && { missingMessage: node.missingMessage }),
      properties: properties.sort((a, b) => byCodeUnit(a.name, b.name)),
    };
  }

  #propertyOf(era: Era, path: string, property: PropertyFacts): FdtProperty {
    const name = this.#treeName(era, property);
    const macro = 'macro' in property ? property.macro : undefined;
    if (macro !== undefined) {
      this.#places.set(`fdt ${path} ${name}`, this.#places.get(`constant ${macro}`) ?? '');
    }
    return {
      name,
      type: property.type,
      ...(property.onMissing !== undefined && { onMissing: property.onMissing }),
      ...(property.exactLength !== undefined && { exactLength: property.exactLength }),
      ...(macro !== undefined && { macro }),
    };
  }

  #codeOf(era: Era, { writes }: Marker, reached: ReadonlyMap<string, ReachedCode>): CodeState[] {
    const base = this.#codeBase(era);
    const markers = new Set(typeof writes === 'string' ? [writes] : []);
    return codeRows(reached, base, markers).map(({ state, where }) => {
      this.#places.set(`function ${state.function}`, where);
      return state;
    });
  }
}

const OPTION_TEST = /^[ \t]*#[ \t]*(?:el)?if.*\bCONFIG_/m;

/** When both readings of an option come to the same: an order of members that is drawn for each build is never that of another. */
function sameOption(option: string): string {
  return option === 'CONFIG_RANDSTRUCT'
    ? `neither is built with ${option}`
    : `both are built with the same ${option}`;
}

/** `struct x` for each pointer to one. */
function pointeesOf(members: readonly Member[]): string[] {
  const own = members.flatMap(({ pointee }) => (pointee === undefined ? [] : [pointee]));
  const within = members.flatMap((member) => pointeesOf(member.members ?? []));
  return [...own, ...within].filter((pointee) => /^(?:struct|union) \w+$/.test(pointee));
}

/** What a document holds of the reader: not where the code is looked at. */
function readerOf({ reader }: Era): Reader {
  const { initcall: _initcall, opener: _opener, maybeEmpty: _maybeEmpty, ...facts } = reader;
  return { ...facts };
}

function withoutPlace({ where: _where, members, ...member }: Member): Member {
  return { ...member, ...(members && { members: members.map(withoutPlace) }) };
}
