import { ToolError } from '../../errors.ts';
import type { DeviceState, StateDocument } from '../../model/state.ts';
import { parseDocument, readTextFile } from '../../schema/validate.ts';
import { deviceName } from '../../verdict/state-device.ts';

/**
 * The devices of a state document.
 * @throws ToolError DOCUMENT_INVALID for a document that breaks its schema or names a device twice, FILE_UNREADABLE
 */
export function readState(path: string): readonly DeviceState[] {
  const devices = parseDocument<StateDocument>('state', readTextFile(path), path);
  const positions = new Map<string, number>();
  for (const [position, device] of devices.entries()) {
    const name = deviceName(device);
    const first = positions.get(name);
    if (first !== undefined) {
      throw new ToolError('DOCUMENT_INVALID', `${path}: /${position} is ${name}, as /${first} is`, { path });
    }
    positions.set(name, position);
  }
  return devices;
}
