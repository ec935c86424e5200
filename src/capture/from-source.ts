import { initParser } from '../cdecl/index.ts';
import { components as definitions, ownDefinitions } from '../components/index.ts';
import { ToolError } from '../errors.ts';
import { khoByDefaultIn } from '../model/availability.ts';
import { byCodeUnit, sortKeys } from '../model/canonical.ts';
import type { CaptureDocument, CaptureFinding } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { Fidelity } from '../model/fidelity.ts';
import type { ProvenanceFile } from '../model/provenance.ts';
import { TARGETS } from '../model/target.ts';
import { targetsOfConfig } from '../model/target-options.ts';
import type { Uapi } from '../model/uapi.ts';
import type { SourceKind, TreeEvidence } from '../sources/index.ts';
import { each, pause } from '../work.ts';
import { CALLERS_UNSEEN, findCallers, strangers, withCallers } from './callers.ts';
import { captureComponent } from './component.ts';
import { filesOf } from './covered.ts';
import { withDefinition } from './defined.ts';
import { headOf } from './document-head.ts';
import { withDoubtFindings } from './doubts.ts';
import { isHooked } from './hooks.ts';
import { inferComponents } from './infer.ts';
import type { CacheOptions, CapturedPart, PartQuestion } from './parse-cache.ts';
import { ParseCache } from './parse-cache.ts';
import { DeclarationReader } from './reader.ts';
import { withToldSizes } from './told-size.ts';
import { captureUapi, UAPI_FILE } from './uapi.ts';
import { findUncovered, withUncovered } from './uncovered.ts';
import type { UnitPool } from './unit-pool.ts';
import { ABI_FOLDER, CODE_WITNESS, isWanted, listedFolders } from './wanted.ts';

export interface CaptureOptions {
  /** The kernel's name, where the source does not say it or says it wrongly. */
  release?: string;
  /** CONFIG_* to value; what is not in it is not set. */
  config?: ReadonlyMap<string, string>;
  source?: SourceKind;
  /**
   * What an earlier capture says of an upstream release: a build that comes without its source borrows from it what it does
   * not show itself.
   */
  lend?(release: string): CaptureDocument | Promise<CaptureDocument | undefined> | undefined;
  /** There is time to make ready what may be lent: another program is at work. */
  ahead?(): void;
  /** Where earlier captures left what they parsed; without it everything is parsed. */
  cache?: CacheOptions;
  /** What captures of other kernels in this run have read; without it everything is read. */
  units?: UnitPool;
}

/** Captures opened evidence; the parser is started where something must be parsed. */
export async function captureSource(
  evidence: TreeEvidence,
  options: CaptureOptions,
): Promise<CaptureDocument> {
  const work = new CaptureWork(evidence, options);
  if (!work.isRecalled) await initParser();
  for await (const part of each(`capturing ${evidence.name}`, work.parts)) work.read(part);
  return work.document();
}

/** Captures opened evidence, once `initParser` has settled. The same evidence gives the same document, to the byte. */
export function captureEvidence(evidence: TreeEvidence, options: CaptureOptions): CaptureDocument {
  return new CaptureWork(evidence, options).document();
}

/** One share of a capture that can be recalled or read. */
interface Part {
  /** The component's id; undefined for what belongs to none. */
  id: string | undefined;
  question: PartQuestion;
  /** Decides nothing of what is handed over, so that kernels are not told apart by its files. */
  isAside?: true;
  read(reader: DeclarationReader): Omit<CapturedPart, 'opened'>;
}

/** The parts of one capture: those that an earlier run left behind, and the others. */
class CaptureWork {
  readonly #evidence: TreeEvidence;
  readonly #digest: (path: string) => string | undefined;
  readonly #options: CaptureOptions;
  readonly #parts: readonly Part[];
  readonly #cache: ParseCache | undefined;
  readonly #captured: (CapturedPart | undefined)[];
  readonly #reader: DeclarationReader;

  constructor(evidence: TreeEvidence, options: CaptureOptions) {
    this.#digest = remember((path: string) => evidence.digest(path));
    this.#evidence = evidence;
    this.#options = options;
    this.#cache = options.cache && new ParseCache(options.cache, this.#digest);
    this.#parts = partsOf(evidence, options.config, this.#digest);
    this.#captured = this.#parts.map(({ question }) => this.#cache?.recall(question));
    const { config, units } = options;
    this.#reader = new DeclarationReader(evidence, config, units?.for(this.#digest, config));
  }

  /** Whether nothing of the kernel needs to be parsed. */
  get isRecalled(): boolean {
    return this.#captured.every((part) => part !== undefined);
  }

  /** The parts by number, to be read in this order. */
  get parts(): number[] {
    return [...this.#parts.keys()];
  }

  document(): CaptureDocument {
    const captured = this.parts.map((at) => this.read(at));
    const components: Record<string, ComponentState> = {};
    for (const [index, { id }] of this.#parts.entries()) {
      const state = captured[index]?.state;
      if (id !== undefined && state) components[id] = withDefinition(id, state);
    }
    const told = withToldSizes(components);
    const uncovered = captured.flatMap((part) => part.uncovered ?? []);
    const uapi = captured.find((part) => part.uapi)?.uapi;
    const callers = captured.flatMap((part) => part.callers ?? []);
    const inferred = strangers(
      captured.flatMap((part) => part.inferred ?? []),
      told,
    );
    for (const { id, state } of inferred) told[id] = state;
    const { unsearched } = this.#evidence;
    const doubted = withCallers(withUncovered(told, uncovered), callers, { inferred, unsearched });
    const findings = withDoubtFindings(
      [...captured, ...inferred].flatMap((part) => part.findings),
      doubted,
    );
    const read = new Set(captured.flatMap(({ opened }) => opened));
    return assemble(this.#evidence, {
      ...this.#options,
      digest: this.#digest,
      read,
      components: doubted,
      findings,
      ...(uapi && { uapi }),
    });
  }

  /** Reads a part, unless it was. */
  read(at: number): CapturedPart {
    const known = this.#captured[at];
    if (known) return known;
    pause();
    const part = this.#parts[at] as Part;
    const reader = this.#reader;
    reader.startPart();
    const captured = { ...part.read(reader), opened: part.isAside ? [] : reader.openedFiles() };
    if (reader.isConclusive) this.#cache?.keep(part.question, captured, reader.consultedFiles());
    this.#captured[at] = captured;
    return captured;
  }
}

function partsOf(
  evidence: TreeEvidence,
  config: CaptureOptions['config'],
  digest: (path: string) => string | undefined,
): Part[] {
  const own = [...ownDefinitions()].map(([id, { sha256 }]) => `\n${id} ${sha256}`).join('');
  const settings = `${config ? JSON.stringify([...config].sort()) : 'buildable'}${own}`;
  const headers = [...evidence.list(ABI_FOLDER)].sort(byCodeUnit);
  const isCodeThere = digest(CODE_WITNESS) !== undefined;
  const code = isCodeThere ? evidence.sought?.() : undefined;
  const allCode = evidence.isSearchedInPart ? undefined : code;
  const listed = listedFolders()
    .flatMap((folder) => evidence.list(folder))
    .filter(isWanted);
  const there = listed.sort(byCodeUnit).join('\n');
  return [
    ...definitions().map((definition): Part => {
      const spoken = isHooked(definition.id) ? `\n${allCode?.join('\n') ?? ''}` : '';
      const question = {
        text: `${settings}\n${definition.id}\n${there}${spoken}`,
        files: filesOf(definition),
      };
      return { id: definition.id, question, read: (reader) => captureComponent(definition, reader) };
    }),
    {
      id: undefined,
      question: { text: `${settings}\nuncovered\n${allCode?.join('\n') ?? ''}`, files: headers },
      read: (reader) => findUncovered(headers, reader, allCode),
    },
    ...callersPart(code, { settings, there, digest, isCodeThere }),
    inferredPart(headers, code ?? [], { settings, there, digest }),
    {
      id: undefined,
      question: { text: `${settings}\nuapi`, files: [UAPI_FILE] },
      isAside: true,
      read: (reader) => captureUapi(reader),
    },
  ];
}

/** What every question about the whole tree bears. */
interface PartGround {
  settings: string;
  there: string;
  digest(path: string): string | undefined;
}

/** Components that nobody has described. */
function inferredPart(
  headers: readonly string[],
  paths: readonly string[],
  { settings, there, digest }: PartGround,
): Part {
  return {
    id: undefined,
    question: {
      text: `${settings}\ninferred\n${there}\n${paths.join('\n')}`,
      files: [...headers, ...paths],
    },
    isAside: true,
    read: (reader) => ({
      inferred: inferComponents(headers, findCallers(paths, reader, digest), reader),
      findings: [],
    }),
  };
}

/** The search for callers, where all code of the kernel is at hand. */
function callersPart(
  paths: readonly string[] | undefined,
  { settings, there, digest, isCodeThere }: PartGround & { isCodeThere: boolean },
): Part[] {
  if (!paths) {
    if (isCodeThere) return [];
    const question = { text: 'callers-unseen', files: [] };
    return [{ id: undefined, question, isAside: true, read: () => ({ findings: [CALLERS_UNSEEN] }) }];
  }
  return [
    {
      id: undefined,
      question: { text: `${settings}\ncallers\n${there}\n${paths.join('\n')}`, files: paths },
      // Where something is said of a file, its place tells of it.
      isAside: true,
      read: (reader) => ({ callers: findCallers(paths, reader, digest), findings: [] }),
    },
  ];
}

function remember<K, V>(find: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (!known.has(key)) known.set(key, find(key));
    return known.get(key) as V;
  };
}

function assemble(
  evidence: TreeEvidence,
  {
    release: named,
    config,
    digest,
    read,
    components,
    findings,
    uapi,
  }: CaptureOptions & {
    digest: (path: string) => string | undefined;
    read: ReadonlySet<string>;
    components: Record<string, ComponentState>;
    findings: CaptureFinding[];
    uapi?: Omit<Uapi, 'file'>;
  },
): CaptureDocument {
  const release = named ?? evidence.release;
  if (release === undefined) {
    throw new ToolError(
      'RELEASE_UNNAMED',
      `${evidence.name}: neither its Makefile nor its name says the release`,
    );
  }
  const fileAt = (path: string): ProvenanceFile[] => {
    const sha256 = digest(path);
    return sha256 === undefined ? [] : [{ path, sha256 }];
  };
  const files = [...new Set([...read, ...placedFiles(components)])].sort(byCodeUnit).flatMap(fileAt);
  const [header] = fileAt(UAPI_FILE);
  return {
    ...headOf(release, evidence.date),
    provenance: {
      kind: evidence.kind,
      name: evidence.name,
      ...(evidence.package && { package: evidence.package }),
      files,
    },
    targets: config ? targetsOfConfig(config) : [...TARGETS],
    ...(config && { fidelity: builtFidelity(Object.keys(components)) }),
    ...khoByDefaultIn(config, components),
    ...(uapi && { uapi: { ...(header && { file: header }), ...uapi } }),
    components: sortKeys(components),
    findings,
  };
}

/** With a configuration, that is what says which components are built. */
function builtFidelity(ids: readonly string[]): { [name: string]: Fidelity } {
  const fidelity: Fidelity = {
    availability: ['config'],
    marker: ['source'],
    structs: ['source'],
    constants: ['source'],
    fdt: ['source'],
    checks: ['source'],
    code: ['source'],
  };
  return sortKeys(Object.fromEntries(ids.map((id) => [id, fidelity])));
}

/** The files in which some fact stands, those reached through an include among them. */
function placedFiles(components: Record<string, ComponentState>): string[] {
  const places = Object.values(components).flatMap((state) => Object.values(state.places));
  return places.map((place) => place.replace(/:\d+$/, ''));
}
