import type { ComponentVerdict, PairVerdict } from '../model/finding.ts';
import type { Kernel } from './kernel.ts';
import { factsOf } from './kernel.ts';

const PASSED = ['compatible', 'compatible-with-notes'];

/**
 * In words, how a preserved PCI device finds its driver on the incoming kernel, or what becomes of it; undefined where
 * the pair does not come so far as to ask.
 */
export function driverWords(
  outgoing: Kernel,
  { components }: Pick<PairVerdict, 'components'>,
): string | undefined {
  const verdictOf = (id: string): ComponentVerdict | undefined => components.find((each) => each.id === id);
  const pci = verdictOf('pci');
  const driver = verdictOf('pci-driver-name');
  if (!pci || !driver) return undefined;
  if (pci.verdict === 'refused' && pci.effect !== 'boot-panic') {
    return 'its devices count as not preserved: reset and bound again while their DMA may still run';
  }
  const { marker } = factsOf(outgoing, 'pci-driver-name');
  if (pci.verdict === 'misread') {
    const isName = pci.findings.some(({ subject }) => marker?.carrier === `struct:${subject}`);
    return isName
      ? 'the name of its driver is read from the wrong bytes'
      : 'no device is sure to find its driver';
  }
  if (!PASSED.includes(pci.verdict)) return undefined;
  if (driver.verdict === 'unsupported') return 'a device finds its driver only if userspace binds it';
  if (!PASSED.includes(driver.verdict)) return 'what names the driver of a device does not come across';
  if (marker?.carrier !== 'file-handler') return 'a device finds its driver by its serialized name';
  const handler = verdictOf('vfio-pci')?.markers.outgoing ?? 'the handler of its file';
  return `a device finds its driver by the file handler ${handler}; userspace binds it before it retrieves the file`;
}
