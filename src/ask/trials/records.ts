import type { Catalog } from '../../catalog/catalog.ts';
import { writeEvidenceFiles } from '../../catalog/evidence-files.ts';
import { evidenceDocument, evidenceFileName } from '../../catalog/evidence-id.ts';
import { readEvidenceFolder } from '../../catalog/read-content.ts';
import type { EvidenceDocument, EvidenceRecord } from '../../model/evidence.ts';
import { changesOf } from '../../try/changed.ts';
import { conditionsOf, isSameTrial, recordOfStep } from '../../try/record.ts';
import type { Environment } from '../open-catalog.ts';
import { writableEvidenceFolder } from '../open-catalog.ts';
import type { PreparedStep, PreparedTrial, TrialAnswer } from './trying.ts';

/** Where trials are recorded, and by whom. */
export interface RecordPlace {
  /** The folder for documents (default: the user's own). */
  into?: string | undefined;
  /** Who tested (default: `luo-abi try`). */
  who?: string | undefined;
  /** Where the user's folder is looked for. */
  env?: Environment | undefined;
}

/** Where trials are recorded, and what was recorded before. */
export class TrialRecords {
  readonly #folder: () => string;
  readonly #catalog: Catalog;
  readonly #who: string;
  readonly #known: EvidenceRecord[];

  constructor({ into, who = 'luo-abi try', env = {} }: RecordPlace, catalog: Catalog) {
    this.#folder = () => writableEvidenceFolder(into, env);
    this.#who = who;
    this.#catalog = catalog;
    const own = into === undefined ? [] : readEvidenceFolder(into);
    this.#known = [...catalog.evidence(), ...own];
  }

  /** Whether every update of a trial was recorded before, with whatever came of it. */
  has({ kernels, steps, payload, target }: PreparedTrial, profile: string): boolean {
    return steps.every((_, step) => {
      const [outgoing, incoming] = [kernels[step], kernels[step + 1]];
      if (!outgoing || !incoming) return false;
      const conditions = String(conditionsOf({ outgoing, incoming }, payload));
      return this.#known.some(
        (record) =>
          record.profile === profile &&
          record.target === target &&
          record.outgoing === outgoing.release &&
          record.incoming === incoming.release &&
          String(record.conditions) === conditions,
      );
    });
  }

  /** Writes what came of each update, once; the names of the documents. @throws ToolError FILE_UNWRITABLE */
  write({ steps }: PreparedTrial, answer: TrialAnswer, date: string): string[] {
    const documents = answer.steps.flatMap((step, index): EvidenceDocument[] => {
      const changed = this.#changed(steps[index], answer);
      const images = imagesOf(steps[index]);
      const record = recordOfStep(step, answer, { who: this.#who, date, changed, images });
      return record ? [evidenceDocument(record)] : [];
    });
    const fresh = documents.filter((document) => !this.#known.some((known) => isSameTrial(known, document)));
    if (fresh.length > 0) writeEvidenceFiles(this.#folder(), fresh);
    this.#known.push(...fresh);
    return fresh.map(evidenceFileName);
  }

  #changed(
    step: PreparedStep | undefined,
    { target }: TrialAnswer,
  ): { outgoing?: string; incoming?: string } {
    if (!step) return {};
    const { pair, outgoing, incoming } = step;
    const ids = pair.components.filter(({ role }) => role !== 'outside').map(({ id }) => id);
    const [out, into] = [outgoing, incoming].map(({ kernel, changed }) => {
      return changed ?? changesOf(kernel, this.#catalog.kernel(kernel.release), ids, target);
    });
    return { ...(out !== undefined && { outgoing: out }), ...(into !== undefined && { incoming: into }) };
  }
}

/** A test of an image that nobody says to be its release is a test of that image. */
function imagesOf(step: PreparedStep | undefined): { outgoing?: string; incoming?: string } {
  if (!step) return {};
  const { outgoing, incoming } = step;
  return {
    ...(!outgoing.isRelease && { outgoing: outgoing.sha256 }),
    ...(!incoming.isRelease && { incoming: incoming.sha256 }),
  };
}
