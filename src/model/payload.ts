/** A memfd that is preserved. Its pages are filled by a rule, so that each is known again. */
export interface PayloadFile {
  /**
   * Under which the file is preserved, an unsigned 64-bit number in decimal.
   * @pattern ^[0-9]{1,20}$
   */
  token: string;
  /**
   * In bytes.
   * @minimum 0
   * @asType integer
   */
  size: number;
  /**
   * The file position, in bytes.
   * @minimum 0
   * @asType integer
   */
  position?: number;
  /** Without them sealing is not allowed, as with memfd_create() without MFD_ALLOW_SEALING; the list may be empty. */
  seals?: Seal[];
  /**
   * Every page of this number is never written: 4 leaves out the fourth, the eighth, and so on.
   * @minimum 2
   * @asType integer
   */
  hole?: number;
}

/** Seals of a memfd (include/uapi/linux/fcntl.h). */
export type Seal = 'seal' | 'shrink' | 'grow' | 'write' | 'future-write';

export interface PayloadSession {
  /**
   * @pattern ^[0-9A-Za-z._-]{1,63}$
   */
  name: string;
  files: PayloadFile[];
}

/** Memory that the kernel reserves for `reserve_mem=` and hands over by itself. */
export interface PayloadRegion {
  /**
   * @pattern ^[0-9A-Za-z._-]{1,15}$
   */
  name: string;
  /**
   * In bytes, whole pages.
   * @minimum 4096
   * @multipleOf 4096
   * @asType integer
   */
  size: number;
}

/** What a trial preserves: read by `try --payload`, and told in its answer. */
export interface PayloadDocument {
  $schema: string;
  /**
   * @minimum 1
   * @asType integer
   */
  schemaVersion: number;
  sessions: PayloadSession[];
  regions: PayloadRegion[];
}

/** The version of the payload document that this program writes. */
export const PAYLOAD_SCHEMA_VERSION = 1;
