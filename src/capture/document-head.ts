import type { CaptureDocument } from '../model/capture.ts';
import { CAPTURE_SCHEMA_VERSION } from '../model/capture.ts';
import { parseReleaseName } from '../model/release-name.ts';

type Head = Pick<
  CaptureDocument,
  '$schema' | 'base' | 'date' | 'origin' | 'release' | 'schemaVersion' | 'vendor'
>;

/** What every captured document begins with. */
export function headOf(release: string, date: string | undefined): Head {
  const name = parseReleaseName(release);
  return {
    $schema: 'capture.schema.json',
    schemaVersion: CAPTURE_SCHEMA_VERSION,
    release,
    base: name?.base ?? release,
    vendor: name?.vendor ?? null,
    ...(date !== undefined && { date }),
    origin: 'captured',
  };
}
