/** The published schemas: file of the type in src/model, and its name. */
export const SCHEMAS = {
  capture: { file: 'capture.ts', type: 'CaptureDocument' },
  check: { file: 'outputs.ts', type: 'CheckOutput' },
  diff: { file: 'outputs.ts', type: 'DiffOutput' },
  erratum: { file: 'erratum.ts', type: 'Erratum' },
  explain: { file: 'outputs.ts', type: 'ExplainOutput' },
  list: { file: 'outputs.ts', type: 'ListOutput' },
  matrices: { file: 'outputs.ts', type: 'MatricesOutput' },
  matrix: { file: 'outputs.ts', type: 'MatrixOutput' },
  overlay: { file: 'overlay.ts', type: 'OverlayDocument' },
  profile: { file: 'profile.ts', type: 'Profile' },
  'reused-markers': { file: 'outputs.ts', type: 'ReusedMarkersOutput' },
  review: { file: 'review.ts', type: 'ReviewDocument' },
  rules: { file: 'outputs.ts', type: 'RulesOutput' },
  show: { file: 'outputs.ts', type: 'ShowOutput' },
  state: { file: 'state.ts', type: 'StateDocument' },
} as const satisfies Record<string, { file: string; type: string }>;

export type SchemaName = keyof typeof SCHEMAS;
