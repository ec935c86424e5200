import type { EvidenceRecord } from '../model/evidence.ts';
import type { TriedStep, TryOutput } from '../model/try.ts';

/** Who makes records, and what is said of kernels that bear the name of a release that they are not. */
export interface RecordSettings {
  who: string;
  /** YYYY-MM-DD. */
  date: string;
  changed: { outgoing?: string; incoming?: string };
  /** SHA-256 of the images that stand for themselves alone. */
  images: { outgoing?: string; incoming?: string };
}

/** What of a trial is known before it is made; two trials with the same are the same. */
export function conditionsOf(
  { outgoing, incoming }: Pick<TriedStep, 'incoming' | 'outgoing'>,
  { sessions, files, bytes, regions, sha256 }: TryOutput['payload'],
): string[] {
  const parts = [
    ...(sessions > 0 ? [`${sessions} sessions, ${files} files, ${Math.ceil(bytes / 2 ** 20)} MiB`] : []),
    ...(regions > 0 ? [`${regions} reserved regions`] : []),
  ];
  return [
    `payload ${sha256.slice(0, 16)}: ${parts.join('; ')}`,
    `outgoing image ${outgoing.sha256}: ${outgoing.commandLine}`,
    `incoming image ${incoming.sha256}: ${incoming.commandLine}`,
  ];
}

/** A record of one update; undefined where nothing was handed over. */
export function recordOfStep(
  step: TriedStep,
  output: TryOutput,
  { who, date, changed, images }: RecordSettings,
): EvidenceRecord | undefined {
  const { outgoing, incoming, observed } = step;
  const { outcome, line, seen } = observed;
  if (outcome === 'not-started') return undefined;
  const { version, accelerator, memory } = output.emulator;
  return {
    outgoing: outgoing.release,
    incoming: incoming.release,
    profile: output.profile,
    target: output.target,
    outcome,
    seen: line === null ? seen : `${seen}: ${line}`,
    conditions: conditionsOf(step, output.payload),
    ...(Object.keys(changed).length > 0 && { changed }),
    ...(Object.keys(images).length > 0 && { images }),
    who,
    date,
    how: `luo-abi try; ${version} (${accelerator}), ${memory}`,
  };
}

/** Whether a record is of the same trial with the same outcome. A crash names other addresses each time. */
export function isSameTrial(one: EvidenceRecord, other: EvidenceRecord): boolean {
  return (
    one.outcome === other.outcome &&
    one.outgoing === other.outgoing &&
    one.incoming === other.incoming &&
    one.profile === other.profile &&
    one.target === other.target &&
    String(one.conditions) === String(other.conditions)
  );
}
