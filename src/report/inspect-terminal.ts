import type {
  Acceptance,
  AcceptanceVerdict,
  InspectedBlob,
  InspectedBytes,
  InspectedNode,
  InspectedValue,
  InspectOutput,
} from '../model/inspect.ts';
import type { RenderOptions } from './style.ts';
import { signOf, verdictText } from './style.ts';
import { wrap } from './wrap.ts';

// What `inspect` shows. All names and strings come out of files that anybody may have made, so nothing of them reaches the
// terminal but printable ASCII.

const BYTES_A_LINE = 16;

export function renderInspect(output: InspectOutput, options: RenderOptions): string {
  const { chalk, width } = options;
  const blobs = output.blobs.flatMap((blob) => [...renderBlob(blob, options), '']);
  const markers = [...new Set(output.blobs.flatMap(({ marker }) => (marker === null ? [] : [marker])))];
  const guarded = markers.length > 0 ? ` (${printable(markers.join(', '))})` : '';
  const isTold = output.blobs.some(
    ({ state, entry, component }) => (state === 'whole' || state === 'cut') && (entry ?? component) !== null,
  );
  const none = isTold
    ? 'No known kernel could have written this.'
    : 'Nothing here tells which kernel wrote it.';
  const writers =
    output.writersText === ''
      ? [none]
      : wrap(`Could have been written by: ${output.writersText}${guarded}`, width, '');
  const acceptance = output.acceptance ? ['', ...renderAcceptance(output.acceptance, options)] : [];
  return `${[...blobs, ...writers.map((line) => chalk.bold(line)), ...acceptance].join('\n')}\n`;
}

function renderBlob(blob: InspectedBlob, { chalk, width }: RenderOptions): string[] {
  const { path, size, state, form, entry, component, marker, decodedAs, tree, members, notes } = blob;
  const what = [
    entry ?? component ?? 'not recognized',
    ...(state === 'missing' || state === 'unreadable'
      ? [state]
      : [{ fdt: 'devicetree', struct: 'struct', bytes: 'bytes' }[form], `${size} bytes`]),
    ...(state === 'cut' || state === 'damaged' || state === 'released' ? [state] : []),
    ...(marker === null ? [] : [printable(marker)]),
    ...(decodedAs === null ? [] : [`decoded as ${decodedAs}`]),
  ];
  return [
    `${chalk.bold(printable(path))}: ${what.join(', ')}`,
    ...notes.flatMap((note) => wrap(printable(note), width, '  ').map((line) => chalk.yellow(line))),
    ...(tree ? renderNode(tree, '  ', chalk) : renderValues(members ?? [], '  ', chalk)),
  ];
}

type Chalk = RenderOptions['chalk'];

function renderNode(
  { name, properties, nodes, blob, notes = [] }: InspectedNode,
  indent: string,
  chalk: Chalk,
): string[] {
  const leads = blob === undefined ? '' : chalk.gray(`  -> ${printable(blob)}`);
  return [
    `${indent}${chalk.bold(printable(name) || '(no name)')}${leads}${noteText(notes, chalk)}`,
    ...renderValues(properties, `${indent}  `, chalk),
    ...nodes.flatMap((node) => renderNode(node, `${indent}  `, chalk)),
  ];
}

function renderValues(values: readonly InspectedValue[], indent: string, chalk: Chalk): string[] {
  const widest = (texts: readonly string[]): number =>
    texts.reduce((width, { length }) => Math.max(width, Math.min(32, length)), 0);
  const nameWidth = widest(values.map(({ name }) => printable(name)));
  const typeWidth = widest(values.map(({ type }) => type));
  const offsetWidth = widest(values.map(({ offset }) => String(offset ?? '')));
  return values.flatMap((value) => {
    const { name, offset, type, bytes, members = [], notes = [] } = value;
    const place = offsetWidth === 0 ? '' : `${chalk.gray(String(offset ?? '').padStart(offsetWidth))}  `;
    const head = `${indent}${place}${printable(name).padEnd(nameWidth)}  ${chalk.gray(type.padEnd(typeWidth))}`;
    const text = [
      valueText(value),
      bytes && `${bytes.count} bytes${bytes.isZero && bytes.count > 0 ? ', all zero' : ''}`,
    ];
    const shown = text.filter((part) => part !== undefined && part !== '').join(' ');
    return [
      `${head}  ${shown}${noteText(notes, chalk)}`.trimEnd(),
      ...(bytes ? hexDump(bytes, `${indent}    `, chalk) : []),
      ...renderValues(members, `${indent}    `, chalk),
    ];
  });
}

function noteText(notes: readonly string[], chalk: Chalk): string {
  return notes.length > 0 ? chalk.yellow(`  ! ${notes.map(printable).join('; ')}`) : '';
}

function valueText({ value, hex, flags = [], isAddress }: InspectedValue): string | undefined {
  if (value === undefined) return undefined;
  const where = isAddress ? ' address' : '';
  const names = flags.length > 0 ? ` ${flags.join(' | ')}` : '';
  if (hex !== undefined) return `${hex} (${String(value)})${where}${names}`;
  if (typeof value === 'string') return quoted(value);
  return Array.isArray(value) ? value.map(quoted).join(', ') : String(value);
}

function hexDump({ count, isZero, hex }: InspectedBytes, indent: string, chalk: Chalk): string[] {
  if (isZero) return [];
  const shown = Buffer.from(hex, 'hex');
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += BYTES_A_LINE) {
    const line = shown.subarray(at, at + BYTES_A_LINE);
    const digits = [...line].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = line.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(
      `${indent}${chalk.gray(`${at.toString(16).padStart(4, '0')}:`)} ${digits.padEnd(47)}  ${text}`,
    );
  }
  const more = count - shown.length;
  return more > 0 ? [...lines, `${indent}and ${more} bytes more`] : lines;
}

function quoted(text: string): string {
  return `"${printable(text.replace(/[\\"]/g, '\\$&'))}"`;
}

/** Anything but printable ASCII as an escape. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e…]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 256
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

const VERDICT_OF = {
  accepted: 'compatible',
  misread: 'misread',
  refused: 'refused',
  unknown: 'unknown',
} as const satisfies Record<AcceptanceVerdict, string>;

function renderAcceptance(acceptance: Acceptance, options: RenderOptions): string[] {
  const { chalk, width } = options;
  const { release, verdict, effect, findings, unreached, assumed } = acceptance;
  const sign = signOf(VERDICT_OF[verdict], effect);
  const word = verdict === 'accepted' ? 'accepted' : verdictText(VERDICT_OF[verdict], effect);
  const lines = findings.flatMap((finding) => {
    const { blob, component, message, sees } = finding;
    const own = signOf(VERDICT_OF[finding.verdict], finding.effect);
    const mark = finding.verdict === 'accepted' ? 'n' : own.mark;
    const cost = finding.effect === null ? '' : ` (${finding.effect})`;
    const text = printable(`${blob}: ${component ?? 'not recognized'}: ${message}${cost}`);
    const [head = '', ...tail] = wrap(text, width, '      ');
    const said = sees === undefined ? [] : wrap(`console: ${printable(sees)}`, width, '        ');
    return [
      `  ${own.paint(chalk, ` ${mark} `)} ${head.trimStart()}`,
      ...tail,
      ...said.map((line) => chalk.gray(line)),
    ];
  });
  const hidden = unreached.length > 0 ? [`  not reached: ${unreached.map(printable).join(', ')}`] : [];
  const ground = assumed.length > 0 ? `, provided that ${assumed.join(' and ')}` : '';
  const head = `For ${chalk.bold(release)}: ${sign.paint(chalk, ` ${sign.mark} `)} ${word}`;
  return [verdict === 'accepted' ? head + ground : head, ...lines, ...hidden];
}
