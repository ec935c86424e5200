import type { Effect, Verdict } from './verdict-kind.ts';

/**
 * A PCI device in use: what the outgoing kernel is to carry across. Besides what every device has, values of members of the
 * kernel's own record may stand here by their names (`refcount`, `flags`); they decide conditions on those members.
 */
export interface DeviceState {
  /**
   * As the first field of `lspci -D` tells, as a number. The kernel gives domains above 65535 to some controllers.
   * @minimum 0
   * @maximum 4294967295
   * @multipleOf 1
   */
  domain: number;
  /**
   * `00:1f.3`, or the 16 bits that it stands for: bus << 8 | device << 3 | function.
   * @pattern ^[0-9a-fA-F]{2}:[01][0-9a-fA-F]\.[0-7]$
   * @minimum 0
   * @maximum 65535
   * @multipleOf 1
   */
  bdf: number | string;
  /**
   * The name of the driver that it is bound to, as `/sys/bus/pci/drivers` lists it.
   * @pattern ^[^\u0000-\u001f/]+$
   */
  driver?: string;
  [member: string]: boolean | number | string | undefined;
}

/** What `check --state FILE` reads: the devices of one machine, each once. */
export type StateDocument = DeviceState[];

/** What becomes of one device under a pair. */
export interface DeviceAnswer {
  /** `0000:00:1f.3`. */
  device: string;
  driver?: string;
  survives: boolean | 'unknown';
  /** Why, in words that stand alone. */
  reason: string;
  /** What `--fail-on` looks at: the pair's own verdict, or what a value that does not fit comes to. */
  verdict: Verdict;
  effect: Effect | null;
}

/** Which of the devices of a state survive a pair, in the order of the state. */
export interface StateAnswer {
  devices: DeviceAnswer[];
}

/**
 * A JSON Schema (draft 7) of the decoded content of a struct, or of a part of it. Only what follows from a layout occurs: integers
 * beyond 2^53 are decimal strings, lengths of strings are bytes of UTF-8 without the NUL behind them.
 */
export interface ContentSchema {
  $schema?: string;
  $ref?: string;
  title?: string;
  description?: string;
  type?: 'array' | 'boolean' | 'integer' | 'number' | 'object' | 'string';
  minimum?: number;
  maximum?: number;
  enum?: number[];
  pattern?: string;
  maxLength?: number;
  anyOf?: ContentSchema[];
  items?: ContentSchema;
  minItems?: number;
  maxItems?: number;
  properties?: { [name: string]: ContentSchema };
  required?: string[];
  additionalProperties?: boolean;
  definitions?: { [name: string]: ContentSchema };
}
