import { JsonList } from '../model/canonical.ts';
import { OUTGOING } from '../model/condition.ts';
import type { MatrixPair, ProfileMatrix } from '../model/outputs.ts';
import type { PairTable, TableAnswer } from '../model/pair-table.ts';
import { headOfTable, pairAt, testedByPair } from './expand-table.ts';

// The pairs of a table as JSON, the text of `canonicalJson` row by row. What pairs of two units share is written once, with a
// gap for the name of the outgoing kernel; only tested pairs and those of a class are written one by one.

/** A matrix whose pairs are made as they are written; undefined where the table holds one class alone. */
export function matrixJson(table: PairTable): Omit<ProfileMatrix, 'pairs'> & { pairs: JsonList } {
  const { classes, groups, ...head } = headOfTable(table);
  const pairs = new JsonList((indent) => rowsOf(table, indent));
  return { ...head, pairs, classes, ...(groups && { groups }) };
}

/** Which pairs of a table are written. */
export interface Choice {
  isWanted?(answer: TableAnswer): boolean;
  /** A kernel with itself is left out. */
  withoutSelf?: boolean;
}

/** One text for each outgoing kernel that has a pair. */
export function* rowsOf(table: PairTable, indent: string, choice: Choice = {}): Generator<string> {
  const { isWanted = () => true, withoutSelf = false } = choice;
  const writer = new PairWriter(table, indent);
  const testedOf = testedByPair(table);
  const { releases, unitOf } = table;
  const everyone = [...releases.keys()];
  for (const [outgoing, release] of releases.entries()) {
    const unit = unitOf[outgoing] as number;
    const wanted = table.units.map((_, to) => isWanted(table.answer(unit, to)));
    const texts: string[] = [];
    for (const incoming of table.only === undefined ? everyone : table.incomingOf(table.only, outgoing)) {
      if (!wanted[unitOf[incoming] as number] || (withoutSelf && incoming === outgoing)) continue;
      texts.push(writer.text(outgoing, incoming, testedOf?.(release, incoming)));
    }
    if (texts.length > 0) yield texts.join(',\n');
  }
}

/** What stands before the name of the outgoing kernel, between the two names, and behind them. */
interface Shared {
  tail: string;
  /** The name of the outgoing kernel is in it as well. */
  isNamed: boolean;
}

class PairWriter {
  readonly #table: PairTable;
  readonly #indent: string;
  /** As they follow each other in a pair, with what stands around them. */
  readonly #from: readonly string[];
  readonly #to: readonly string[];
  readonly #shared = new Map<TableAnswer, Shared>();

  constructor(table: PairTable, indent: string) {
    this.#table = table;
    this.#indent = indent;
    const names = table.releases.map((release) => JSON.stringify(release));
    this.#from = names.map((name) => `${indent}{\n${indent} "outgoing": ${name},\n${indent} "incoming": `);
    this.#to = names.map((name) => `${name},\n`);
  }

  text(outgoing: number, incoming: number, tested: MatrixPair['tested']): string {
    const table = this.#table;
    if (tested !== undefined || table.classOf(outgoing, incoming) !== undefined)
      return this.#whole(pairAt(table, outgoing, incoming, tested));
    const answer = table.answer(table.unitOf[outgoing] as number, table.unitOf[incoming] as number);
    const { tail, isNamed } = this.#shared.get(answer) ?? this.#share(answer, outgoing, incoming);
    if (isNamed) return this.#whole(pairAt(table, outgoing, incoming));
    return `${this.#from[outgoing]}${this.#to[incoming]}${tail}`;
  }

  #share(answer: TableAnswer, outgoing: number, incoming: number): Shared {
    const { outgoing: _from, incoming: _to, ...rest } = pairAt(this.#table, outgoing, incoming);
    const tail = this.#whole({ ...rest, class: [] }).slice(this.#indent.length + 2);
    const shared = { tail, isNamed: answer.conditions?.some((text) => text.includes(OUTGOING)) ?? false };
    this.#shared.set(answer, shared);
    return shared;
  }

  #whole(value: object): string {
    return this.#indent + JSON.stringify(value, null, 1).replaceAll('\n', `\n${this.#indent}`);
  }
}
