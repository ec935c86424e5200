import type { DeviceState } from '../model/state.ts';

/** A device as the kernel's log names it: `0000:00:1f.3`. */
export function deviceName({ domain, bdf }: Pick<DeviceState, 'bdf' | 'domain'>): string {
  return `${domain.toString(16).padStart(4, '0')}:${typeof bdf === 'number' ? slotText(bdf) : bdf.toLowerCase()}`;
}

/** The kernel's PCI_BUS_NUM, PCI_SLOT and PCI_FUNC. */
function slotText(bdf: number): string {
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return `${hex(bdf >> 8)}:${hex((bdf >> 3) & 0x1f)}.${bdf & 7}`;
}
