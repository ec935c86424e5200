import type { CaptureDocument } from '../model/capture.ts';
import type { Kernel } from '../verdict/kernel.ts';

/** A state with what the judgement needs of it. */
export interface AuditState {
  document: CaptureDocument;
  kernel: Kernel;
  /** The text of a file of it. */
  textOf(path: string): string | undefined;
}
