import { createHash } from 'node:crypto';
import type { Catalog, KernelRow } from '../../catalog/catalog.ts';
import type { Judging } from '../../catalog/judging.ts';
import { releaseNamed } from '../../catalog/release-named.ts';
import { nearestReleases, unknownReleaseHint } from '../../catalog/release-unknown.ts';
import { ToolError } from '../../errors.ts';
import type { Target } from '../../model/target.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { placeKeys } from './template.ts';

/** A name that is not known, with those that it may have been meant to be. */
export class UnknownName extends ToolError {
  readonly nearest: readonly string[];

  constructor(code: 'RELEASE_UNKNOWN' | 'STRUCT_UNKNOWN', message: string, nearest: readonly string[]) {
    super(code, message);
    this.nearest = nearest;
  }
}

/** The kernels of a catalog, each read once. Names are looked up here alone: no request reaches a file. */
export class KnownKernels {
  readonly rows: readonly KernelRow[];
  readonly #judging: Judging;
  readonly #kernels: ReadonlyMap<string, Kernel>;
  readonly #namesRead = new Map<string, readonly string[]>();
  readonly #sides = new Map<string, number>();
  readonly #sideByDigest = new Map<string, number>();
  readonly #factNumbers = new Map<object, number>();

  constructor(catalog: Catalog, judging: Judging) {
    this.rows = catalog.kernels();
    this.#kernels = new Map(catalog.allKernels().map((kernel) => [kernel.release, kernel]));
    this.#judging = judging;
  }

  has(release: string): boolean {
    return this.#kernels.has(release);
  }

  /**
   * The release that a name or an abbreviation means. A `+` that a query string turned into a space is read as it was meant.
   * @throws UnknownName, ToolError RELEASE_AMBIGUOUS
   */
  resolve(text: string): string {
    const name = text.replaceAll(' ', '+');
    if (this.#kernels.has(name)) return name;
    const release = releaseNamed(name, this.rows);
    if (release !== undefined) return release;
    const message = `${name}: no such release${unknownReleaseHint(name, this.rows)}`;
    throw new UnknownName('RELEASE_UNKNOWN', message, nearestReleases(name, this.rows));
  }

  /** One kernel of each content: together they say all that any does. */
  distinct(): Kernel[] {
    const byContent = new Map([...this.#kernels.values()].map((kernel) => [kernel.alike ?? kernel, kernel]));
    return [...byContent.values()];
  }

  /** A kernel of the catalog. */
  kernel(release: string): Kernel {
    const kernel = this.#kernels.get(release);
    if (!kernel) throw new UnknownName('RELEASE_UNKNOWN', `${release}: no such release`, []);
    return kernel;
  }

  /** @throws ToolError TARGET_UNKNOWN for a kernel that was not captured for the target */
  checkTarget(target: Target, releases: readonly string[]): void {
    for (const release of releases) {
      const { targets } = this.kernel(release);
      if (targets === undefined || targets.includes(target)) continue;
      const known = targets.join(', ');
      throw new ToolError('TARGET_UNKNOWN', `${target}: ${release} was captured for ${known} only`);
    }
  }

  /** Releases whose layouts the kernel's reader takes by name. */
  namesReadBy(release: string): readonly string[] {
    const known = this.#namesRead.get(release);
    if (known) return known;
    const accepts = [...this.kernel(release).components.values()].flatMap(
      ({ facts }) => facts.marker?.accepts ?? [],
    );
    const names = accepts.flatMap(({ layoutOf }) => layoutOf ?? []);
    this.#namesRead.set(release, names);
    return names;
  }

  /**
   * A number that two kernels share where nothing but their names and the lines of their sources tells them apart: equal
   * snapshots, targets, origin and errata. What is said of one in a pair holds for the other once those are replaced.
   */
  sideOf(release: string): number {
    const known = this.#sides.get(release);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(this.#signatureOf(release)).digest('base64');
    const side = this.#sideByDigest.get(digest) ?? this.#sideByDigest.size;
    this.#sideByDigest.set(digest, side);
    this.#sides.set(release, side);
    return side;
  }

  #signatureOf(release: string): string {
    const { targets, origin, fidelity, components } = this.kernel(release);
    const { errata, erratumApplies } = this.#judging;
    const faults = errata.filter((erratum) => erratumApplies(erratum, release)).map(({ id }) => id);
    const parts = [...components].map(([id, component]) => {
      return [id, this.#numberOf(component.facts), placeKeys(component)];
    });
    return JSON.stringify([targets, origin, fidelity, faults, parts]);
  }

  /** The catalog gives kernels with an equal snapshot the same object. */
  #numberOf(facts: object): number {
    const known = this.#factNumbers.get(facts);
    if (known !== undefined) return known;
    this.#factNumbers.set(facts, this.#factNumbers.size);
    return this.#factNumbers.size - 1;
  }
}
