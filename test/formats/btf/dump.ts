/** A struct or union as bpftool prints it. */
interface DumpedRecord {
  readonly size: number;
  readonly members: readonly { name: string; type: number; bitOffset: number; bits: number }[];
}

/** What bpftool prints, read without any of our code: records, and what typedefs, qualifiers and tags lead to. */
export class Dump {
  readonly records = new Map<number, DumpedRecord & { members: DumpedRecord['members'][number][] }>();
  readonly #targets = new Map<number, number>();

  constructor(text: string) {
    let current: DumpedRecord['members'][number][] | undefined;
    for (const line of text.split('\n')) {
      const head = /^\[(\d+)\] (\w+) '.*?'(?: size=(\d+))?(?: type_id=(\d+))?/.exec(line);
      const member = /^\t'(.*)' type_id=(\d+) bits_offset=(\d+)(?: bitfield_size=(\d+))?$/.exec(line);
      if (head) current = this.#head(head);
      else if (member && current) {
        const [, name = '', type, bitOffset, bits = 0] = member;
        current.push({ name, type: Number(type), bitOffset: Number(bitOffset), bits: Number(bits) });
      }
    }
  }

  #head([, id, kind = '', size, type]: RegExpExecArray): DumpedRecord['members'][number][] | undefined {
    if (/^(?:TYPEDEF|CONST|VOLATILE|RESTRICT|TYPE_TAG)$/.test(kind))
      this.#targets.set(Number(id), Number(type));
    if (kind !== 'STRUCT' && kind !== 'UNION') return undefined;
    const members: DumpedRecord['members'][number][] = [];
    this.records.set(Number(id), { size: Number(size), members });
    return members;
  }

  /** `name@bitOffset`, with `:bits` for a bit-field; members of anonymous structs in the outer one. */
  members(id: number, base = 0): string[] {
    const { members = [] } = this.records.get(id) ?? {};
    return members.flatMap(({ name, type, bitOffset, bits }) => {
      const at = base + bitOffset;
      if (name === '(anon)') return bits > 0 ? [] : this.members(this.#bare(type), at);
      return [`${name}@${at}${bits > 0 ? `:${bits}` : ''}`];
    });
  }

  #bare(id: number): number {
    let bare = id;
    for (let next = this.#targets.get(bare); next !== undefined; next = this.#targets.get(bare)) bare = next;
    return bare;
  }
}
