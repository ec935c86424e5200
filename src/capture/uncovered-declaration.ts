import type { FoundDoubt } from '../model/doubt.ts';

/** A declaration among the handed-over data that no component covers. */
export interface UncoveredDeclaration {
  name: string;
  doubt: FoundDoubt;
  /** The ABI header that it stands in, and those that include it. */
  file: string;
  includedBy: string[];
  /** Names that its members' types speak of. */
  names: string[];
}
