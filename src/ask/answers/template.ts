import type { Kernel, KernelComponent } from '../../verdict/kernel.ts';

// An answer about two kernels with gaps where their names and the lines of their sources stand. Kernels that declare the
// same in other lines, as stable releases do, differ in nothing else.
//
// A gap is written as a stand-in between two control characters of private use, which no name has: the side alone for its name;
// side, component and key for a place, whose line is then 1 and stands right behind its file. They are of Latin-1, as most
// answers are: with any other character a text takes twice the memory.

export type Side = 'incoming' | 'outgoing';

const OPEN = '\u0091';
const CLOSE = '\u0092';
const STAND_IN = new RegExp(`(${OPEN}(?:incoming|outgoing)[^${CLOSE}]*${CLOSE}(?:",\\n *"line": 1\\b)?)`);
const PLACE = /^(.*):(\d+)$/;

interface Gap {
  side: Side;
  /** Undefined for the name of the kernel. */
  place?: { component: string; key: string };
  /** What stands between file and line. */
  joint: string;
}

/** Text and gaps in their order. */
export type Template = readonly (Gap | string)[];

/** What the name of a kernel is replaced by. */
export function nameStandIn(side: Side): string {
  return `${OPEN}${side}${CLOSE}`;
}

/** A component with stand-ins for its places, each made when it is looked up. */
class StandInComponent implements KernelComponent {
  readonly facts: KernelComponent['facts'];
  readonly #own: KernelComponent;
  readonly #side: Side;
  readonly #id: string;

  constructor(own: KernelComponent, side: Side, id: string) {
    this.facts = own.facts;
    this.#own = own;
    this.#side = side;
    this.#id = id;
  }

  get places(): KernelComponent['places'] {
    return placesStandIn(this.#own.places, `${this.#side} ${encodeURIComponent(this.#id)}`);
  }
}

/** By kernel: what is looked up in it is kept with it, and it is of many pairs. */
const standIns = { incoming: new WeakMap<Kernel, Kernel>(), outgoing: new WeakMap<Kernel, Kernel>() };

/** The kernel with stand-ins for its name and for every place. */
export function withStandIns(kernel: Kernel, side: Side): Kernel {
  const known = standIns[side].get(kernel) ?? ofStandIns(kernel, side);
  standIns[side].set(kernel, known);
  return known;
}

function ofStandIns(kernel: Kernel, side: Side): Kernel {
  const components = new Map<string, KernelComponent>();
  for (const [id, component] of kernel.components) {
    components.set(id, new StandInComponent(component, side, id));
  }
  // Spelled out: its files are looked up where they are asked for, and nobody asks a stand-in.
  const { targets, origin, fidelity, khoByDefault } = kernel;
  return {
    release: nameStandIn(side),
    ...(targets && { targets }),
    ...(origin && { origin }),
    ...(fidelity && { fidelity }),
    ...(khoByDefault !== undefined && { khoByDefault }),
    components,
  };
}

function placesStandIn(places: KernelComponent['places'], where: string): KernelComponent['places'] {
  const standIn = (key: string): string => `${OPEN}${where} ${encodeURIComponent(key)}${CLOSE}:1`;
  return new Proxy(places, {
    get: (own, key: string) => {
      const place = own[key];
      return place !== undefined && PLACE.test(place) ? standIn(key) : place;
    },
  });
}

/** What of a component's places an answer depends on besides the gaps. */
export function placeKeys({ places }: KernelComponent): unknown {
  return Object.entries(places).map(([key, place]) => (PLACE.test(place) ? key : [key, place]));
}

/** Cuts canonical JSON, made of kernels with stand-ins, at its gaps. */
export function templateOf(text: string): Template {
  return text.split(STAND_IN).map((piece, index) => (index % 2 === 0 ? piece : gapOf(piece)));
}

/** By stand-in: answers about the same components have the same gaps, and there are no more than places have keys. */
const gaps = new Map<string, Gap>();

function gapOf(standIn: string): Gap {
  const known = gaps.get(standIn);
  if (known) return known;
  const gap = readGap(standIn);
  gaps.set(standIn, gap);
  return gap;
}

function readGap(piece: string): Gap {
  const end = piece.indexOf(CLOSE);
  const [side, component, key] = piece.slice(1, end).split(' ');
  const joint = piece.slice(end + 1).replace(/1$/, '');
  const gap = { side: side === 'outgoing' ? 'outgoing' : 'incoming', joint } as const;
  if (component === undefined || key === undefined) return gap;
  return { ...gap, place: { component: decodeURIComponent(component), key: decodeURIComponent(key) } };
}

/** The text about two kernels. */
export function fillTemplate(template: Template, kernels: Readonly<Record<Side, Kernel>>): string {
  let text = '';
  for (const piece of template) {
    text += typeof piece === 'string' ? piece : fillGap(piece, kernels[piece.side]);
  }
  return text;
}

function fillGap({ place, joint }: Gap, kernel: Kernel): string {
  if (!place) return inString(kernel.release);
  const [, file = '', line = '0'] =
    PLACE.exec(kernel.components.get(place.component)?.places[place.key] ?? '') ?? [];
  return inString(file) + joint + JSON.stringify(Number(line));
}

/** As it stands inside a JSON string. */
function inString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
