import { parse } from 'csv-parse/sync';
import { ToolError } from '../../errors.ts';
import { readSwitch } from '../../model/boot-switch.ts';
import type { FleetDocument, FleetHost } from '../../model/fleet.ts';
import { nearest } from '../../model/nearest.ts';
import { isTarget, TARGETS } from '../../model/target.ts';
import { parseDocument, readTextFile } from '../../schema/validate.ts';

// The inventory of a fleet, as JSON or as CSV with a head line: name,release,profiles,target,cmdline,kho. Only the first two must be there.

type Column = 'cmdline' | 'kho' | 'name' | 'profiles' | 'release' | 'target';

const COLUMNS: Readonly<Record<string, Column>> = {
  name: 'name',
  host: 'name',
  release: 'release',
  profile: 'profiles',
  profiles: 'profiles',
  target: 'target',
  cmdline: 'cmdline',
  kho: 'kho',
};

/**
 * The machines of an inventory, in its order.
 * @throws ToolError FILE_UNREADABLE; DOCUMENT_INVALID for a file that is neither form, or names a machine twice;
 *   PROFILE_UNKNOWN, TARGET_UNKNOWN
 */
export function readFleet(path: string, profiles: readonly string[]): FleetHost[] {
  const text = readTextFile(path);
  const isJson = path.endsWith('.json') || /^\s*[[{]/.test(text);
  const hosts = isJson ? parseDocument<FleetDocument>('fleet', text, path) : parseCsv(text, path);
  const positions = new Map<string, number>();
  for (const [at, host] of hosts.entries()) {
    const place = isJson ? `/${at}` : host.name;
    const stranger = host.profiles?.find((name) => !profiles.includes(name));
    if (stranger !== undefined) {
      const known = profiles.join(', ');
      throw new ToolError('PROFILE_UNKNOWN', `${path}: ${place}: no profile ${stranger}; known: ${known}`, {
        path,
      });
    }
    const first = positions.get(host.name);
    if (first !== undefined) {
      const names = `entries ${first + 1} and ${at + 1} are both ${host.name}`;
      throw new ToolError('DOCUMENT_INVALID', `${path}: ${names}`, { path });
    }
    positions.set(host.name, at);
  }
  return hosts;
}

function parseCsv(text: string, path: string): FleetHost[] {
  const [head, ...records] = recordsOf(text, path);
  if (!head)
    throw new ToolError('DOCUMENT_INVALID', `${path}: empty; the first line names the columns`, { path });
  const columns = columnsOf(head, path);
  return records.map((record, at) => hostOf(record, columns, { path, lineOf: () => lineOf(text, at + 1) }));
}

const CSV_OPTIONS = { bom: true, skip_empty_lines: true, trim: true } as const;

function recordsOf(text: string, path: string): string[][] {
  try {
    return parse(text, CSV_OPTIONS);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replaceAll('\n', ' ') : String(cause);
    throw new ToolError('DOCUMENT_INVALID', `${path}: not CSV: ${reason}`, { path, cause });
  }
}

/** The line on which a record ends. Records may span lines, so that the parser has to count; only errors need it. */
function lineOf(text: string, at: number): number {
  const rows: unknown = parse(text, { ...CSV_OPTIONS, info: true, to: at + 1 });
  return (rows as { info: { lines: number } }[])[at]?.info.lines ?? at + 1;
}

function columnsOf(head: readonly string[], path: string): Map<Column, number> {
  const line = 1;
  const columns = new Map<Column, number>();
  for (const [at, title] of head.entries()) {
    const column = Object.hasOwn(COLUMNS, title.toLowerCase()) ? COLUMNS[title.toLowerCase()] : undefined;
    if (column === undefined) {
      const near = nearest(title, Object.keys(COLUMNS)).join(', ') || Object.keys(COLUMNS).join(', ');
      throw invalid(path, line, `no column ${title}; nearest: ${near}`);
    }
    if (columns.has(column)) throw invalid(path, line, `two columns for ${column}`);
    columns.set(column, at);
  }
  const missing = (['name', 'release'] as const).find((column) => !columns.has(column));
  if (missing !== undefined) throw invalid(path, line, `no column ${missing}`);
  return columns;
}

interface Place {
  path: string;
  lineOf(): number;
}

function hostOf(record: readonly string[], columns: ReadonlyMap<Column, number>, place: Place): FleetHost {
  const cell = (column: Column): string => record[columns.get(column) ?? -1] ?? '';
  const [name, target] = [cell('name'), cell('target')];
  if (name === '') throw invalid(place.path, place.lineOf(), 'a machine without a name');
  if (target !== '' && !isTarget(target)) {
    const at = { path: place.path, line: place.lineOf() };
    const known = TARGETS.join(', ');
    const message = `${at.path}:${at.line}: ${target}: no such target; known: ${known}`;
    throw new ToolError('TARGET_UNKNOWN', message, at);
  }
  const profiles = cell('profiles')
    .split(/[\s;,+|]+/)
    .filter((profile) => profile !== '');
  return {
    name,
    release: cell('release'),
    ...(profiles.length > 0 && { profiles }),
    ...(target !== '' && { target }),
    ...(cell('cmdline') !== '' && { cmdline: cell('cmdline') }),
    ...khoOf(cell('kho'), place),
  };
}

/** `on`, `off`, or the parameter as it stands on a command line. */
function khoOf(text: string, place: Place): Pick<FleetHost, 'kho'> {
  if (text === '') return {};
  const kho = readSwitch(text.replace(/^kho=/, ''));
  if (kho === undefined) throw invalid(place.path, place.lineOf(), `kho ${text}: neither on nor off`);
  return { kho };
}

function invalid(path: string, line: number, what: string): ToolError {
  return new ToolError('DOCUMENT_INVALID', `${path}:${line}: ${what}`, { path, line });
}
