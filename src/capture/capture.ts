import { initParser } from '../cdecl/index.ts';
import { COMPONENTS } from '../components/index.ts';
import { ToolError } from '../errors.ts';
import { byCodeUnit, sortKeys } from '../model/canonical.ts';
import type { CaptureDocument, CaptureFinding, ProvenanceFile } from '../model/capture.ts';
import { CAPTURE_SCHEMA_VERSION } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import { parseReleaseName } from '../model/release-name.ts';
import { TARGETS } from '../model/target.ts';
import type { SourceKind, TreeEvidence } from '../sources/index.ts';
import { openSource } from '../sources/index.ts';
import { captureComponent } from './component.ts';
import { DeclarationReader } from './reader.ts';
import { findUncovered } from './uncovered.ts';
import { isWanted, WANTED_FOLDERS } from './wanted.ts';

export interface CaptureOptions {
  /** The kernel's name, where the source does not say it or says it wrongly. */
  release?: string;
  /** CONFIG_* to value; what is not in it is not set. */
  config?: ReadonlyMap<string, string>;
  source?: SourceKind;
}

/** Captures the kernel that a locator names: a tree, a release tarball, a Debian package. */
export async function capture(locator: string, options: CaptureOptions = {}): Promise<CaptureDocument> {
  const [evidence] = await Promise.all([
    openSource(locator, {
      wanted: isWanted,
      folders: WANTED_FOLDERS,
      ...(options.source && { kind: options.source }),
    }),
    initParser(),
  ]);
  return captureEvidence(evidence, options);
}

/** Captures opened evidence. The same evidence gives the same document, to the byte. */
export function captureEvidence(evidence: TreeEvidence, options: CaptureOptions): CaptureDocument {
  const reader = new DeclarationReader(evidence, options.config);
  const components: Record<string, ComponentState> = {};
  const findings: CaptureFinding[] = [];
  for (const definition of COMPONENTS) {
    const captured = captureComponent(definition, reader);
    components[definition.id] = captured.state;
    findings.push(...captured.findings);
  }
  findings.push(...findUncovered(evidence, reader));
  return assemble(evidence, { ...options, read: reader.openedFiles(), components, findings });
}

function assemble(
  evidence: TreeEvidence,
  {
    release: named,
    read,
    components,
    findings,
  }: CaptureOptions & {
    read: ReadonlySet<string>;
    components: Record<string, ComponentState>;
    findings: CaptureFinding[];
  },
): CaptureDocument {
  const release = named ?? evidence.release;
  if (release === undefined) {
    throw new ToolError(
      'RELEASE_UNNAMED',
      `${evidence.name}: neither its Makefile nor its name says the release`,
    );
  }
  const name = parseReleaseName(release);
  const files = [...new Set([...read, ...placedFiles(components)])]
    .sort(byCodeUnit)
    .flatMap((path): ProvenanceFile[] => {
      const sha256 = evidence.digest(path);
      return sha256 === undefined ? [] : [{ path, sha256 }];
    });
  return {
    $schema: 'capture.schema.json',
    schemaVersion: CAPTURE_SCHEMA_VERSION,
    release,
    base: name?.base ?? release,
    vendor: name?.vendor ?? null,
    ...(evidence.date !== undefined && { date: evidence.date }),
    origin: 'captured',
    provenance: {
      kind: evidence.kind,
      name: evidence.name,
      ...(evidence.package && { package: evidence.package }),
      files,
    },
    targets: [...TARGETS],
    components: sortKeys(components),
    findings,
  };
}

/** The files in which some fact stands, those reached through an include among them. */
function placedFiles(components: Record<string, ComponentState>): string[] {
  const places = Object.values(components).flatMap((state) => Object.values(state.places));
  return places.map((place) => place.replace(/:\d+$/, ''));
}
