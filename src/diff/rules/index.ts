import { arrayLengthChanged } from './array-length-changed.ts';
import { bitFieldChanged } from './bit-field-changed.ts';
import { componentAbsent } from './component-absent.ts';
import { configDisabled } from './config-disabled.ts';
import { constantChanged } from './constant-changed.ts';
import { constantRenamed } from './constant-renamed.ts';
import { elementSizeChanged } from './element-size-changed.ts';
import { embeddedStructChanged } from './embedded-struct-changed.ts';
import { erratumApplies } from './erratum-applies.ts';
import { factDoubted } from './fact-doubted.ts';
import { factInferred } from './fact-inferred.ts';
import { factsMissing } from './facts-missing.ts';
import { featureIgnored } from './feature-ignored.ts';
import { flagValueChanged } from './flag-value-changed.ts';
import { flexibleArrayChanged } from './flexible-array-changed.ts';
import { gateMechanismChanged } from './gate-mechanism-changed.ts';
import { markerAcceptedConditionally } from './marker-accepted-conditionally.ts';
import { markerBumpedWithoutChange } from './marker-bumped-without-change.ts';
import { markerCarrierChanged } from './marker-carrier-changed.ts';
import { markerChanged } from './marker-changed.ts';
import { markerNotBumped } from './marker-not-bumped.ts';
import { markerReused } from './marker-reused.ts';
import { meaningMayDiffer } from './meaning-may-differ.ts';
import { memberAdded } from './member-added.ts';
import { memberAddedAtEnd } from './member-added-at-end.ts';
import { memberAddedInPadding } from './member-added-in-padding.ts';
import { memberOffsetChanged } from './member-offset-changed.ts';
import { memberRemoved } from './member-removed.ts';
import { memberRenamed } from './member-renamed.ts';
import { memberSignednessChanged } from './member-signedness-changed.ts';
import { memberSizeChanged } from './member-size-changed.ts';
import { memberTypeChanged } from './member-type-changed.ts';
import { memoryNotKept } from './memory-not-kept.ts';
import { minimumSizeRaised } from './minimum-size-raised.ts';
import { nodeRenamed } from './node-renamed.ts';
import { packingChanged } from './packing-changed.ts';
import { presenceNotWritten } from './presence-not-written.ts';
import { presenceNowRequired } from './presence-now-required.ts';
import { propertyLengthChanged } from './property-length-changed.ts';
import { propertyRenamed } from './property-renamed.ts';
import { propertyTypeChanged } from './property-type-changed.ts';
import { roundTripFails } from './round-trip-fails.ts';
import { sizeGateCatches } from './size-gate-catches.ts';
import { sourceDisagrees } from './source-disagrees.ts';
import { sourceIncomplete } from './source-incomplete.ts';
import { structAdded } from './struct-added.ts';
import { structRemoved } from './struct-removed.ts';
import { structRenamed } from './struct-renamed.ts';
import { structSizeChanged } from './struct-size-changed.ts';
import { tailIgnored } from './tail-ignored.ts';
import { targetDiffers } from './target-differs.ts';
import { unexplainedDifference } from './unexplained-difference.ts';
import { valueEncodingChanged } from './value-encoding-changed.ts';

/** Every rule, sorted by id. */
export const RULES = [
  arrayLengthChanged,
  bitFieldChanged,
  componentAbsent,
  configDisabled,
  constantChanged,
  constantRenamed,
  elementSizeChanged,
  embeddedStructChanged,
  erratumApplies,
  factDoubted,
  factInferred,
  factsMissing,
  featureIgnored,
  flagValueChanged,
  flexibleArrayChanged,
  gateMechanismChanged,
  markerAcceptedConditionally,
  markerBumpedWithoutChange,
  markerCarrierChanged,
  markerChanged,
  markerNotBumped,
  markerReused,
  meaningMayDiffer,
  memberAdded,
  memberAddedAtEnd,
  memberAddedInPadding,
  memberOffsetChanged,
  memberRemoved,
  memberRenamed,
  memberSignednessChanged,
  memberSizeChanged,
  memberTypeChanged,
  memoryNotKept,
  minimumSizeRaised,
  nodeRenamed,
  packingChanged,
  presenceNotWritten,
  presenceNowRequired,
  propertyLengthChanged,
  propertyRenamed,
  propertyTypeChanged,
  roundTripFails,
  sizeGateCatches,
  sourceDisagrees,
  sourceIncomplete,
  structAdded,
  structRemoved,
  structRenamed,
  structSizeChanged,
  tailIgnored,
  targetDiffers,
  unexplainedDifference,
  valueEncodingChanged,
] as const;

export type RuleId = (typeof RULES)[number]['id'];
