// The library: the questions of src/ask, what they take, and the forms of what they give.
export type { Asking, Progress, ShowProgress } from './ask/asking.ts';
export type { AuditOptions, AuditWhat } from './ask/audit.ts';
export { audit } from './ask/audit.ts';
export { blame } from './ask/blame.ts';
export type { BuildKernelOptions } from './ask/build-kernel.ts';
export { buildKernel } from './ask/build-kernel.ts';
export type { LendingOptions } from './ask/capture/lending.ts';
export type { CapturedKernel, CaptureOptions, CaptureRequest } from './ask/capture.ts';
export { capture, captureKernels, captureSeries } from './ask/capture.ts';
export type { CapturedTags } from './ask/capture-revisions.ts';
export { captureRange, captureTags } from './ask/capture-revisions.ts';
export type { CatalogSources, WrittenCatalog } from './ask/catalog.ts';
export { buildCatalogFile, exportCatalog, importKernels, verifyCatalog } from './ask/catalog.ts';
export type { CheckOptions } from './ask/check.ts';
export { check } from './ask/check.ts';
export { checkComponent, proposeComponent } from './ask/component.ts';
export type { DiffOptions } from './ask/diff.ts';
export { diff } from './ask/diff.ts';
export { drift } from './ask/drift.ts';
export type { BootedImages } from './ask/evidence/images.ts';
export type { EvidencePlace } from './ask/evidence/store.ts';
export type { EvidenceFields, ListEvidenceOptions } from './ask/evidence.ts';
export { addEvidence, importEvidenceFiles, listEvidence, settleEvidence } from './ask/evidence.ts';
export { explain } from './ask/explain.ts';
export type { FailOn } from './ask/fail-on.ts';
export type { FirstBadOptions } from './ask/first-bad.ts';
export { firstBad } from './ask/first-bad.ts';
export type { GateFileOptions, GateOptions, ShippedVersions } from './ask/gate.ts';
export { gate, gateFile } from './ask/gate.ts';
export type { HistoryOptions, KnownOptions } from './ask/history/options.ts';
export type { InspectOptions } from './ask/inspect.ts';
export { inspect } from './ask/inspect.ts';
export type { KernelInput, KernelLocator } from './ask/kernels/resolve.ts';
export type { ListOptions, ReusedMarkersOptions } from './ask/list.ts';
export { list, reusedMarkers } from './ask/list.ts';
export type { PairSelection } from './ask/matrices/tables.ts';
export type { MatricesOptions, MatrixOptions } from './ask/matrix.ts';
export { classMatrix, matrices, matrix } from './ask/matrix.ts';
export type { Catalog, OpenCatalogOptions } from './ask/open-catalog.ts';
export { openCatalog } from './ask/open-catalog.ts';
export type { OverviewOptions } from './ask/overview.ts';
export { overview } from './ask/overview.ts';
export type { PageOptions } from './ask/page.ts';
export { page } from './ask/page.ts';
export type { PairsOptions } from './ask/pairs.ts';
export { pairs } from './ask/pairs.ts';
export type { PlanOptions } from './ask/plan.ts';
export { plan } from './ask/plan.ts';
export type { PreflightOptions } from './ask/preflight.ts';
export { preflight } from './ask/preflight.ts';
export type { ReachOptions } from './ask/reach.ts';
export { reach } from './ask/reach.ts';
export type { ReportOptions } from './ask/report.ts';
export { report, staleReport, writeReport } from './ask/report.ts';
export type { RouteOptions } from './ask/route.ts';
export { route } from './ask/route.ts';
export { rules } from './ask/rules.ts';
export type { ShimAnswer, ShimOptions } from './ask/shim.ts';
export { shim } from './ask/shim.ts';
export type { ShowOptions } from './ask/show.ts';
export { show } from './ask/show.ts';
export type { StructHistoryOptions } from './ask/struct-history.ts';
export { structHistory } from './ask/struct-history.ts';
export type { RecordPlace } from './ask/trials/records.ts';
export type { TrialOptions } from './ask/trials/request.ts';
export type { TryMatrixOptions, TryOptions } from './ask/try.ts';
export { tryMatrix, tryUpdates } from './ask/try.ts';
export type { NewPair, UpdatedVersions, UpdateOptions } from './ask/update-versions.ts';
export { updateVersions } from './ask/update-versions.ts';
export type { WayOptions } from './ask/ways/choice.ts';
export type { PolicyWindowOptions, WindowOptions } from './ask/window.ts';
export { formatWindow, policyWindow } from './ask/window.ts';
export type { ErrorCode } from './errors.ts';
export { ToolError } from './errors.ts';
export type { AuditOutput } from './model/audit.ts';
export type { CaptureDocument, CaptureFinding } from './model/capture.ts';
export type { ComponentCheckOutput } from './model/component-check.ts';
export type { ComponentState } from './model/component-state.ts';
export type { Erratum } from './model/erratum.ts';
export type {
  Agreement,
  EvidenceDocument,
  EvidenceListOutput,
  EvidenceRecord,
  Outcome,
  PairEvidence,
  Settlement,
} from './model/evidence.ts';
export type { ComponentVerdict, Finding, PairVerdict } from './model/finding.ts';
export type { FleetHost, PlanOutput } from './model/fleet.ts';
export type { GateFinding, GatePair, GateProblem, GateReport } from './model/gate.ts';
export type { BlameOutput, FirstBadOutput } from './model/history.ts';
export type { StructHistoryOutput } from './model/http.ts';
export type { InspectOutput } from './model/inspect.ts';
export type { Layout, Member } from './model/layout.ts';
export type { Marker } from './model/marker.ts';
export type {
  CheckOutput,
  DiffOutput,
  DriftOutput,
  ExplainOutput,
  ListOutput,
  MatricesOutput,
  MatrixOutput,
  MatrixPair,
  PairClass,
  ReusedMarkersOutput,
  RulesOutput,
  ShowOutput,
} from './model/outputs.ts';
export type { OverlayDocument } from './model/overlay.ts';
export type { OverviewOutput } from './model/overview.ts';
export type { ClassMatrix } from './model/page.ts';
export type { PolicyDocument, PolicyWaiver } from './model/policy.ts';
export type { PreflightOutput } from './model/preflight.ts';
export type { Profile } from './model/profile.ts';
export { PROFILES } from './model/profile.ts';
export type { Provenance } from './model/provenance.ts';
export type { PairsOutput, ReachOutput, RouteHop, RouteOutput } from './model/route.ts';
export type { ShimDecisionsDocument, ShimOutput } from './model/shim.ts';
export type { DeviceState } from './model/state.ts';
export type { Target } from './model/target.ts';
export { TARGETS } from './model/target.ts';
export type { TryMatrixOutput, TryOutput } from './model/try.ts';
export type { Effect, Verdict } from './model/verdict-kind.ts';
export type { WindowOutput } from './model/window.ts';
