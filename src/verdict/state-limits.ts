import type { SideFacts } from '../diff/rule.ts';
import type { PairVerdict } from '../model/finding.ts';
import type { Target } from '../model/target.ts';
import { acceptedSide } from './accepted-side.ts';
import type { Kernel } from './kernel.ts';
import { factsOf, layoutLookup } from './kernel.ts';
import { misfitOf } from './state-range.ts';
import { stateSchemas } from './state-schema.ts';

// What the records of devices can hold, on the side that writes them and on the side that reads them.

/** The components that hold something of each device. */
export const DEVICE_COMPONENTS: readonly string[] = ['pci', 'pci-driver-name', 'vfio-pci'];

/** A judged pair with its kernels. */
export interface StatePair {
  pair: PairVerdict;
  outgoing: Kernel;
  incoming: Kernel;
  /** The kernel whose layouts an accepted marker names. */
  kernelNamed?(release: string): Kernel | undefined;
}

/** A value that a state can tell of a member. */
export type Scalar = boolean | number | string;

/** The values that a member can hold on one side. */
export interface Limit {
  side: 'incoming' | 'outgoing';
  /** `pci_dev_ser.domain`. */
  subject: string;
  /** `domain`. */
  member: string;
  type: string;
  isText: boolean;
  /** The values that fit, in words, where one does not. */
  misfit(value: Scalar): string | undefined;
}

/** The limits of every record that a pair carries, those of the outgoing kernel before those of the incoming one. */
export function limitsOf(request: StatePair): Limit[] {
  const { pair, outgoing, incoming } = request;
  const carried = pair.components
    .map(({ id }) => id)
    .filter((id) => DEVICE_COMPONENTS.includes(id) && factsOf(outgoing, id).available !== 'no');
  return carried.flatMap((id) => {
    const side = (kernel: Kernel): SideFacts => sideOf(kernel, id, pair.target);
    const named = (release: string): SideFacts | undefined => {
      const kernel = request.kernelNamed?.(release);
      return kernel && side(kernel);
    };
    const read = acceptedSide({
      outgoing,
      incoming,
      id,
      own: side(incoming),
      named,
    });
    return [
      ...limitsIn('outgoing', factsOf(outgoing, id), pair.target),
      ...limitsIn('incoming', read.facts, pair.target),
    ];
  });
}

function sideOf(kernel: Kernel, id: string, target: Target): SideFacts {
  return { release: kernel.release, facts: factsOf(kernel, id), layoutOf: layoutLookup(kernel, target) };
}

function limitsIn(side: Limit['side'], facts: SideFacts['facts'], target: Target): Limit[] {
  return [...stateSchemas(facts, target)].flatMap(([struct, { properties = {} }]) =>
    Object.entries(properties).map(([member, schema]) => ({
      side,
      subject: `${struct}.${member}`,
      member,
      type: schema.description ?? '',
      isText: schema.type === 'string',
      misfit: (value) => misfitOf(value, schema),
    })),
  );
}

/** The written records that name a device without its domain. */
export function withoutDomain(limits: readonly Limit[]): string[] {
  const written = limits.filter(({ side }) => side === 'outgoing');
  const has = (struct: string, member: string): boolean =>
    written.some(({ subject }) => subject === `${struct}.${member}`);
  const structs = new Set(written.map(({ subject }) => subject.split('.')[0] ?? ''));
  return [...structs].filter((struct) => has(struct, 'bdf') && !has(struct, 'domain'));
}
