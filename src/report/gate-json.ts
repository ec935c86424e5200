import { canonicalJson } from '../model/canonical.ts';
import { defineGateFormat } from './gate-format.ts';

/** The report itself (`schemas/gate.schema.json`). */
export const gateJson = defineGateFormat({
  name: 'json',
  render: (report) => canonicalJson(report),
});
