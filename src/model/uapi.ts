import type { Availability } from './component-state.ts';
import type { ConstantValue, Layout } from './layout.ts';
import type { ProvenanceFile } from './provenance.ts';

/** An ioctl of the live-update devices. */
export interface UapiIoctl {
  /**
   * The request that a program passes, with type, number and, where the macro encodes them, direction and size; absent where
   * it could not be evaluated.
   * @minimum 0
   * @asType integer
   */
  request?: number;
  /** The struct that the argument points to, a key of `structs`; absent where none is declared. */
  argument?: string;
  /**
   * Line of its definition.
   * @minimum 1
   * @asType integer
   */
  line: number;
}

/**
 * What a kernel's header offers to the programs that drive a live update. It is no part of what one kernel hands to the
 * next, so no verdict rests on it. One form for all targets: a program is built once, whatever the page size.
 */
export interface Uapi {
  /** The header that it was read from; absent where the kernel has none and so offers nothing. */
  file?: ProvenanceFile;
  /** The release whose header it is, where it is not the kernel's own that was at hand. */
  from?: string;
  ioctls: { [name: string]: UapiIoctl };
  /** The structs that the header declares: arguments of ioctls, and what these hold. */
  structs: { [name: string]: Layout };
  /** All other macros with a value, and the enumerators: lengths, flags, numbers. */
  constants: { [name: string]: ConstantValue };
}

/** A kernel's uAPI, and whether the kernel offers it: a build may have it switched off. */
export interface ShownUapi extends Uapi {
  /** That of the component whose devices take the ioctls. */
  available: Availability;
  reason?: string;
}

/** The component whose devices take the ioctls. */
const SERVED_BY = 'luo';

/** What of a document says what the kernel offers. */
interface Served {
  uapi?: Uapi;
  components: Readonly<Record<string, { available: Availability; reason?: string }>>;
}

/** What a kernel offers to user space; undefined where its document does not say it. */
export function uapiOf({ uapi, components }: Served): ShownUapi | undefined {
  if (!uapi) return undefined;
  const { available = 'unknown', reason } = components[SERVED_BY] ?? {};
  return { ...uapi, available, ...(reason !== undefined && { reason }) };
}

/** `0xba43, struct liveupdate_session_get_name (72 bytes)` */
export function ioctlText({ request, argument }: UapiIoctl, structs: Uapi['structs']): string {
  const number = request === undefined ? 'of an unknown number' : `0x${request.toString(16)}`;
  const layout = argument === undefined ? undefined : structs[argument];
  return layout ? `${number}, ${layout.kind} ${argument} (${layout.size} bytes)` : number;
}
