/** One thing that a definition names, as a kernel has it. */
export interface FoundDeclaration {
  kind: 'constant' | 'function' | 'marker' | 'node' | 'property' | 'struct';
  name: string;
  /** Its text, number, size, type or side, in words; null where it has none. */
  value: string | null;
  /** `path:line`; null where it has no place of its own. */
  where: string | null;
}

/** What of a component's file is found in a kernel. */
export interface ComponentCheckOutput {
  component: string;
  file: string;
  /** What was looked through. */
  source: string;
  release: string | null;
  /** Whether the kernel has the component, in a form that the file describes. */
  isFound: boolean;
  era: string | null;
  /** Why it is not there or not known. */
  reason?: string;
  found: FoundDeclaration[];
  /** What the file says that some kernels lack, and this one does. */
  missing: string[];
  doubts: ComponentCheckDoubt[];
}

/** What a capture of the kernel could not see or settle of it. */
export interface ComponentCheckDoubt {
  code: string;
  message: string;
}
