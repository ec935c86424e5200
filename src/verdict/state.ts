import type { Finding, PairVerdict } from '../model/finding.ts';
import type { DeviceAnswer, DeviceState, StateAnswer } from '../model/state.ts';
import { badness } from '../model/verdict-kind.ts';
import { driverWords } from './driver-words.ts';
import { deviceName } from './state-device.ts';
import type { Limit, Scalar, StatePair } from './state-limits.ts';
import { DEVICE_COMPONENTS, limitsOf, withoutDomain } from './state-limits.ts';

// Which devices of one machine survive a pair. What the pair comes to holds for all of them; beyond that each value must fit
// the record that the outgoing kernel writes and the one that the incoming kernel reads, and decides the notes that hold for
// some values only.

/** What the kernel's records call what a state calls otherwise; everything else bears the name of its member. */
const MEMBERS_BY_FIELD: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain', 'parent_domain'],
  driver: ['driver_name'],
};

export interface StateRequest extends StatePair {
  devices: readonly DeviceState[];
}

interface Ground {
  pair: PairVerdict;
  limits: readonly Limit[];
  /** Notes that hold for some values of a member only. */
  conditions: readonly Finding[];
  /** What is carried with the bus, device and function alone. */
  withoutDomain: readonly string[];
  /** Devices by `bdf`. */
  twins: ReadonlyMap<string, readonly DeviceState[]>;
  /** Why a device without a fault survives. */
  passed: string;
}

type Part = Pick<DeviceAnswer, 'effect' | 'reason' | 'survives' | 'verdict'>;

/** The answer for each device, in the order of the state. Pure: the same input gives the same answer. */
export function judgeState(request: StateRequest): StateAnswer {
  const { pair, devices } = request;
  const limits = limitsOf(request);
  const twins = new Map<string, DeviceState[]>();
  for (const device of devices) {
    const bdf = deviceName({ ...device, domain: 0 });
    const known = twins.get(bdf);
    if (known) known.push(device);
    else twins.set(bdf, [device]);
  }
  const ground = {
    pair,
    limits,
    twins,
    conditions: conditionsOf(pair),
    withoutDomain: withoutDomain(limits),
    passed: passedText(request),
  };
  return { devices: devices.map((device) => judgeDevice(device, ground)) };
}

function judgeDevice(device: DeviceState, ground: Ground): DeviceAnswer {
  const parts = [
    ...valueParts(device, ground.limits),
    ...twinParts(device, ground),
    ...pairParts(ground.pair),
    ...conditionParts(device, ground.conditions),
  ];
  const [worst] = [...parts].sort((a, b) => rankOf(a) - rankOf(b));
  const { pair } = ground;
  const { driver } = device;
  return {
    device: deviceName(device),
    ...(driver !== undefined && { driver }),
    survives: parts.some(({ survives }) => survives === false) ? false : (worst?.survives ?? true),
    reason: parts.length > 0 ? parts.map(({ reason }) => reason).join('; ') : ground.passed,
    verdict: worst?.verdict ?? pair.verdict,
    effect: worst ? worst.effect : pair.effect,
  };
}

function rankOf({ verdict, effect }: Part): number {
  return badness(verdict, effect);
}

function passedText({ outgoing, pair }: StateRequest): string {
  const { components } = pair;
  const conditions = components
    .filter(({ id }) => DEVICE_COMPONENTS.includes(id))
    .flatMap(({ findings }) => findings)
    .flatMap((finding) =>
      finding.condition === undefined || isOfValues(finding) ? [] : [finding.condition],
    );
  const driver = driverWords(outgoing, pair);
  return [
    'its values fit, and the incoming kernel reads them as they were written',
    ...(driver === undefined ? [] : [driver]),
    ...[...new Set(conditions)].map((condition) => `provided that ${condition}`),
  ].join('; ');
}

/** What the pair's verdict does to every device. */
function pairParts({ verdict, effect, decidedBy }: PairVerdict): Part[] {
  const by = decidedBy ? ` by ${decidedBy.component}` : '';
  switch (verdict) {
    case 'misread':
      return [{ survives: false, verdict, effect, reason: `the pair is misread${by}: no device is safe` }];
    case 'refused':
      return [
        {
          survives: false,
          verdict,
          effect,
          reason: `the pair is refused${by} (${effect}): no device survives`,
        },
      ];
    case 'unsupported':
      return [{ survives: false, verdict, effect, reason: 'the outgoing kernel cannot preserve devices' }];
    case 'unknown':
      return [{ survives: 'unknown', verdict, effect, reason: `the pair is unknown${by}` }];
    default:
      return [];
  }
}

/** A number that does not fit is stored without its high bits, a string is refused when the device is preserved. */
function valueParts(device: DeviceState, limits: readonly Limit[]): Part[] {
  const told = new Set<string>();
  return limits.flatMap((limit): Part[] => {
    const { side, subject, member, type, isText, misfit } = limit;
    const value = statedOf(device, member);
    const range = value === undefined ? undefined : misfit(value);
    if (value === undefined || range === undefined || told.has(subject)) return [];
    told.add(subject);
    const shown =
      typeof value === 'string'
        ? `${JSON.stringify(value)} (${Buffer.byteLength(value)} bytes)`
        : String(value);
    const reason = `${fieldOf(member)} ${shown} does not fit ${subject} of the ${side} kernel (${type}: ${range})`;
    return isText
      ? [{ survives: false, verdict: 'refused', effect: 'component-absent', reason }]
      : [{ survives: false, verdict: 'misread', effect: 'corruption', reason }];
  });
}

/** Two devices that a record without a domain cannot tell apart. */
function twinParts(device: DeviceState, { twins, withoutDomain: [struct] }: Ground): Part[] {
  const other = twins.get(deviceName({ ...device, domain: 0 }))?.find((twin) => twin !== device);
  if (other === undefined || struct === undefined) return [];
  const reason = `${struct} holds no domain, so that ${deviceName(other)} bears the same name`;
  return [{ survives: 'unknown', verdict: 'unknown', effect: null, reason }];
}

/** Conditions on members whose value the state does not tell; those it tells have been compared with both records. */
function conditionParts(device: DeviceState, conditions: readonly Finding[]): Part[] {
  return conditions.flatMap(({ subject, condition }): Part[] => {
    const [, member = ''] = /\.(.+)$/.exec(subject) ?? [];
    if (statedOf(device, member) !== undefined) return [];
    const reason = `the state does not tell ${subject}: ${condition}`;
    return [{ survives: 'unknown', verdict: 'unknown', effect: null, reason }];
  });
}

function conditionsOf({ components }: PairVerdict): Finding[] {
  return components
    .filter(({ id }) => DEVICE_COMPONENTS.includes(id))
    .flatMap(({ findings }) => findings.filter(isOfValues));
}

/** A note that a member was narrowed or widened in place: some values fit. */
function isOfValues({ impact, rule, condition }: Finding): boolean {
  return (
    impact === 'note' &&
    condition !== undefined &&
    (rule === 'member-size-changed' || rule === 'bit-field-changed')
  );
}

function fieldOf(member: string): string {
  return Object.entries(MEMBERS_BY_FIELD).find(([, members]) => members.includes(member))?.[0] ?? member;
}

/** What the state says of a member; bus, device and function always fit the 16 bits that they are. */
function statedOf(device: DeviceState, member: string): Scalar | undefined {
  if (member === 'bdf') return typeof device.bdf === 'number' ? device.bdf : undefined;
  const field = fieldOf(member);
  return Object.hasOwn(device, field) ? device[field] : undefined;
}
