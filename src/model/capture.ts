import type { ComponentState } from './component-state.ts';
import type { Fidelity } from './fidelity.ts';
import type { Provenance } from './provenance.ts';
import type { Target } from './target.ts';
import type { Uapi } from './uapi.ts';

/** Something that the capture itself noticed. */
export interface CaptureFinding {
  code: string;
  component?: string;
  message: string;
  /** `path:line`. */
  where?: string;
}

/** What one kernel writes and reads: the document that the catalog is built from. */
export interface CaptureDocument {
  $schema: string;
  /**
   * @minimum 1
   * @asType integer
   */
  schemaVersion: number;
  /**
   * As `list` prints it: `7.2.12`, `7.3-rc7`, `7.2.12+deb13`.
   * @pattern ^[0-9A-Za-z][0-9A-Za-z._+~-]*$
   */
  release: string;
  /** The upstream release that it derives from. */
  base: string;
  /** What follows the upstream release in the name; null for upstream. */
  vendor: string | null;
  /**
   * Release date where the source tells it.
   * @pattern ^[0-9]{4}-[0-9]{2}-[0-9]{2}$
   */
  date?: string;
  /** `captured` from source or build by the tool, `transcribed` from recorded facts by hand. */
  origin: 'captured' | 'transcribed';
  provenance: Provenance;
  targets: Target[];
  /** Where each component's facts come from, for those that are not wholly what `origin` says: source, or recorded facts. */
  fidelity?: { [name: string]: Fidelity };
  /** Whether KHO runs where the command line says nothing; absent where KHO is not built, or no configuration is known. */
  khoByDefault?: boolean;
  /** What programs may ask of it; absent where that was not captured. No verdict rests on it. */
  uapi?: Uapi;
  components: { [name: string]: ComponentState };
  findings: CaptureFinding[];
}

/** The version of the capture document that this program writes. */
export const CAPTURE_SCHEMA_VERSION = 1;
