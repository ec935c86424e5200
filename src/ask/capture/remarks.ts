import type { CaptureDocument } from '../../model/capture.ts';
import type { ComponentState } from '../../model/component-state.ts';

/** What a document says in one line, and what its readers must know. */
export function remarksOn(document: CaptureDocument): string[] {
  const states = Object.entries(document.components);
  const available = states.filter(([, { available: state }]) => state === 'yes' || state === 'buildable');
  const kho = document.components.kho;
  const what = wordsOfKho(kho) ?? `${available.length} components: ${available.map(([id]) => id).join(', ')}`;
  const remarks = [`${document.release}: ${what}`];
  // Where KHO itself is not there or not known, nor is what rests on it.
  const unknown = wordsOfKho(kho) === undefined ? states : [];
  for (const [id, { available: state, reason }] of unknown) {
    if (state === 'unknown') remarks.push(`${id} is unknown: ${reason ?? 'no reason recorded'}`);
  }
  for (const { code, message, where } of document.findings) {
    remarks.push(`${code}: ${message}${where === undefined ? '' : ` (${where})`}`);
  }
  return remarks;
}

/** What there is to say where KHO is not there or not known: a build that has it off is a kernel that could have it. */
function wordsOfKho(kho: ComponentState | undefined): string | undefined {
  if (kho?.available === 'unknown') return `KHO is not known: ${kho.reason ?? 'no reason recorded'}`;
  if (kho?.available !== 'no') return undefined;
  const isOff = kho.options.some(({ value }) => value !== undefined && value !== 'y');
  return isOff ? `KHO is not built: ${kho.reason}` : 'this kernel has no KHO';
}
