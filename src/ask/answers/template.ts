import type { Kernel, KernelComponent } from '../../verdict/kernel.ts';

// An answer about two kernels with gaps where their names and the lines of their sources stand. Kernels that declare the
// same in other lines, as stable releases do, differ in nothing else.
//
// A gap is written as a stand-in between two characters of private use, which no name has: the side alone for its name;
// side, component and key for a place, whose line is then 1 and stands right behind its file.

export type Side = 'incoming' | 'outgoing';

const OPEN = '\ue000';
const CLOSE = '\ue001';
const STAND_IN = new RegExp(`(${OPEN}[^${CLOSE}]*${CLOSE}(?:",\\n *"line": 1\\b)?)`);
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

/** The kernel with stand-ins for its name and for every place, each made when it is looked up. */
export function withStandIns(kernel: Kernel, side: Side): Kernel {
  const components = new Map<string, KernelComponent>();
  for (const [id, component] of kernel.components) {
    components.set(id, {
      facts: component.facts,
      get places() {
        return placesStandIn(component.places, `${side} ${encodeURIComponent(id)}`);
      },
    });
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
  return text.split(STAND_IN).map((piece, index) => (index % 2 === 0 ? piece : readGap(piece)));
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
