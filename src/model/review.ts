/** Versions of one function that people read and found to write or read the same. */
export interface ReviewedFunction {
  function: string;
  /** Fingerprints that mean the same, sorted; one alone where it means the same that the other kernel has no such function. */
  same: string[];
  /** What changed between them, and why the data means the same. */
  reason: string;
}

/** The settled `meaning-may-differ` notes of one component. */
export interface ReviewDocument {
  $schema: string;
  /**
   * @minimum 1
   * @asType integer
   */
  schemaVersion: number;
  /** Equal to the file name. */
  component: string;
  functions: ReviewedFunction[];
}
