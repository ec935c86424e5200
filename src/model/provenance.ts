/** A file that facts were read from. */
export interface ProvenanceFile {
  path: string;
  /**
   * Of the bytes as read, in hex.
   * @pattern ^[0-9a-f]{64}$
   */
  sha256: string;
}

export interface Provenance {
  /** `tree`, `tarball`, `deb`, … or `transcribed`. */
  kind: string;
  /** Base name of what was opened, or a citation. */
  name: string;
  package?: { name: string; version: string };
  files: ProvenanceFile[];
  /** What else the document was made of: other evidence of the same kernel. */
  others?: { kind: string; name: string; package?: { name: string; version: string } }[];
  /** What a reader should know of this source. */
  note?: string;
}
