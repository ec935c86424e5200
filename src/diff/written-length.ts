import type { FdtProperty } from '../model/component-state.ts';

/** How many bytes a kernel writes a property with: those of its type, or as many as it demands itself. */
export function writtenLength({ type, exactLength }: FdtProperty): number | undefined {
  const bits = /^u(\d+)$/.exec(type)?.[1];
  return bits === undefined ? exactLength : Number(bits) / 8;
}
