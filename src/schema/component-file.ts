import { ToolError } from '../errors.ts';
import type {
  Anchor,
  ComponentDefinition,
  ComponentDocument,
  ComponentEra,
  Era,
} from '../model/component-definition.ts';
import { checkValues } from './component-values.ts';
import { checkKeys, faultAt, type Key, parseYaml, validateFile, type WrittenFile } from './yaml-file.ts';

// Reads the file of a component. Its names go into searches, so each must be a name of C, and its paths lead nowhere but into
// the kernel's tree: a file that somebody else wrote can do no more than be wrong.

/** No component that is known comes near it. */
const SIZE_LIMIT = 256 * 1024;

const C_NAME = /^[A-Za-z_]\w*$/;
/** No name of C: what code alone holds goes by words of ours. */
const CONSTANT_NAME = /^\w[\w ,.-]*$/;
const PATH = /^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.+-]+(?:\/[\w.+-]+)*$/;
const OPTION = /^CONFIG_\w+$/;
const STEM = /^[\w-]+$/;

/** A definition as its file says it. @throws ToolError DOCUMENT_INVALID with the line */
export function readComponentFile(text: string, path: string): ComponentDefinition {
  return definitionIn(openComponentFile(text, path));
}

/** The file itself, for checks against others. @throws ToolError DOCUMENT_INVALID */
export function openComponentFile(text: string, path: string): WrittenFile {
  if (text.length > SIZE_LIMIT)
    throw new ToolError('DOCUMENT_INVALID', `${path}: larger than ${SIZE_LIMIT / 1024} KiB`, { path });
  return parseYaml(text, path, 'a component');
}

/** The definition in an opened file. @throws ToolError DOCUMENT_INVALID with the line */
export function definitionIn(file: WrittenFile): ComponentDefinition {
  checkKeys('component', file);
  checkText(file.value, [], file);
  const document = validateFile<ComponentDocument>('component', file);
  new NameCheck(file).document(document);
  checkValues(document, file);
  checkEras(document, file);
  const { $schema: _schema, schemaVersion: _version, eras, ...rest } = document;
  return { ...rest, eras: eras.map(eraOf) };
}

function eraOf({ id, summary, recognizedBy, files, marker, reader, ...era }: ComponentEra): Era {
  const { needs = [], options = [], structs = {}, constants = {}, fdt = [], checks = [], code = [] } = era;
  return {
    id,
    summary,
    recognizedBy,
    files,
    needs,
    options,
    marker,
    structs,
    constants,
    // Names are one of the two, and lists are not empty: that was checked.
    fdt: fdt as Era['fdt'],
    checks,
    reader,
    code: code as Era['code'],
  };
}

/** What is printed must not move the cursor. */
function checkText(value: unknown, keys: readonly Key[], file: WrittenFile): void {
  if (typeof value === 'string') {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f\u007f-\u009f]/.test(value)) throw faultAt(file, keys, 'holds a control character');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    checkText(part, [...keys, Array.isArray(value) ? Number(key) : key], file);
  }
}

/** Holds the names in a document to the forms that they must have. */
class NameCheck {
  readonly #file: WrittenFile;

  constructor(file: WrittenFile) {
    this.#file = file;
  }

  document({ anchor, markerStems, entryPoints, eras }: ComponentDocument): void {
    this.#each(markerStems, STEM, 'the beginning of a marker', ['markerStems']);
    this.#each(entryPoints, C_NAME, 'a name of C', ['entryPoints']);
    this.#anchor(anchor, ['anchor']);
    for (const [index, era] of eras.entries()) this.#era(era, ['eras', index]);
  }

  #era(era: ComponentEra, at: readonly Key[]): void {
    for (const [index, anchor] of era.recognizedBy.entries())
      this.#anchor(anchor, [...at, 'recognizedBy', index]);
    this.#each(era.files, PATH, 'a path in the kernel tree', [...at, 'files']);
    this.#each(era.options, OPTION, 'an option of the kernel', [...at, 'options']);
    const { macro, nameMacro, minimumMacro, object, lengthConstant } = era.marker;
    this.#names({ macro, nameMacro, minimumMacro, lengthConstant }, [...at, 'marker']);
    this.#names({ symbol: object?.symbol }, [...at, 'marker', 'object']);
    for (const [name, { has }] of Object.entries(era.structs ?? {})) {
      this.#each([name], C_NAME, 'a name of C', [...at, 'structs', name]);
      this.#each(has, C_NAME, 'a name of C', [...at, 'structs', name, 'has']);
    }
    for (const [name, { spelled }] of Object.entries(era.constants ?? {})) {
      this.#each([name], CONSTANT_NAME, 'the name of a constant', [...at, 'constants', name]);
      this.#names({ writer: spelled?.writer, reader: spelled?.reader }, [
        ...at,
        'constants',
        name,
        'spelled',
      ]);
    }
    for (const [index, node] of (era.fdt ?? []).entries()) {
      const place = [...at, 'fdt', index];
      this.#treeName(node, place);
      for (const [position, property] of node.properties.entries()) {
        this.#treeName(property, [...place, 'properties', position]);
        this.#each(property.readBy, C_NAME, 'a name of C', [...place, 'properties', position, 'readBy']);
      }
    }
    this.#reader(era, at);
    for (const [index, { functions }] of (era.code ?? []).entries()) {
      const names = functions.flatMap((one) => (one.length === 0 ? [''] : one));
      this.#each(names, C_NAME, 'a name of C', [...at, 'code', index, 'functions']);
    }
  }

  #reader({ reader, checks, structs = {} }: ComponentEra, at: readonly Key[]): void {
    const { function: name, initcall, opener, maybeEmpty } = reader;
    this.#names({ function: name, initcall, opener }, [...at, 'reader']);
    this.#names({ function: maybeEmpty?.function }, [...at, 'reader', 'maybeEmpty']);
    for (const [index, { struct }] of (checks ?? []).entries()) {
      const place = [...at, 'checks', index, 'struct'];
      if (!Object.hasOwn(structs, struct))
        throw faultAt(this.#file, place, `no struct ${struct} in this era`);
    }
  }

  #anchor({ files, macro, struct, tokens }: Anchor, at: readonly Key[]): void {
    this.#each(files, PATH, 'a path in the kernel tree', [...at, 'files']);
    this.#names({ macro, struct }, at);
    if (!tokens) return;
    this.#names({ function: tokens.function }, [...at, 'tokens']);
    if (tokens.sequence.some((token) => C_NAME.test(token))) return;
    throw faultAt(this.#file, [...at, 'tokens', 'sequence'], 'holds no name, and would match any code');
  }

  #treeName({ name, macro }: { name?: string; macro?: string }, at: readonly Key[]): void {
    if ((name === undefined) === (macro === undefined))
      throw faultAt(this.#file, at, 'give either a name or the macro that holds it');
    this.#names({ macro }, at);
  }

  #names(named: Readonly<Record<string, string | undefined>>, at: readonly Key[]): void {
    for (const [key, name] of Object.entries(named))
      this.#each(name === undefined ? [] : [name], C_NAME, 'a name of C', [...at, key]);
  }

  #each(names: readonly string[] | undefined, form: RegExp, what: string, at: readonly Key[]): void {
    const wrong = names?.find((name) => !form.test(name));
    if (wrong !== undefined) throw faultAt(this.#file, at, `${JSON.stringify(wrong)} is not ${what}`);
  }
}

/** An era that an earlier one always stands before is never a kernel's. */
function checkEras({ eras }: ComponentDocument, file: WrittenFile): void {
  for (const [index, { id, recognizedBy }] of eras.entries()) {
    const at = ['eras', index] as const;
    const earlier = eras.slice(0, index);
    if (earlier.some((other) => other.id === id)) throw faultAt(file, [...at, 'id'], `two eras are ${id}`);
    const own = new Set(recognizedBy.map((anchor) => JSON.stringify(anchor)));
    const before = earlier.find((other) =>
      other.recognizedBy.every((anchor) => own.has(JSON.stringify(anchor))),
    );
    if (before)
      throw faultAt(
        file,
        [...at, 'recognizedBy'],
        `never reached: whatever has it is ${before.id}, which stands before it`,
      );
    checkMarker(eras[index] as ComponentEra, [...at, 'marker'], file);
  }
}

/** What may bear a marker (schemas/component.md). */
const CARRIER =
  /^(?:fdt:[^:]+:\/.*|file-handler|flb|luo-subsystem|pointer|section:\.\w+|struct:\w+(?:\.\w+)?|KHO:\/.+)$/;

/** A marker that nothing bears, or that rests on what the era does not have, would never be compared. */
function checkMarker({ marker, constants }: ComponentEra, at: readonly Key[], file: WrittenFile): void {
  const { kind, carrier, guardedBy, lengthConstant, minimumMacro, object } = marker;
  const fail = (key: Key | undefined, message: string): never => {
    throw faultAt(file, key === undefined ? at : [...at, key], message);
  };
  if ((kind === 'guarded') !== (guardedBy !== undefined))
    fail(undefined, 'guardedBy belongs to the kind guarded, and to no other');
  if (!CARRIER.test(carrier))
    fail(
      'carrier',
      `${JSON.stringify(carrier)} bears no marker (file-handler, flb, fdt:SUBTREE:/, KHO:/SUBTREE, …)`,
    );
  if (lengthConstant !== undefined && !Object.hasOwn(constants ?? {}, lengthConstant))
    fail('lengthConstant', `no constant ${lengthConstant} in this era`);
  if (kind === 'integer-range' && minimumMacro === undefined && object === undefined)
    fail(
      undefined,
      'integer-range needs minimumMacro or object: without it nothing says what is still taken',
    );
}
