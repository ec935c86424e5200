import type { Level } from '../model/finding.ts';
import type { GateReport } from '../model/gate.ts';
import type { RenderOptions } from './style.ts';

/** What a rule means, for formats that carry it along. */
export interface RuleHelp {
  id: string;
  level: Level;
  /** One sentence. */
  summary: string;
  /** The rule's page, in Markdown. */
  page: string;
}

/** What a format of the gate may know beside the report. */
export interface GateRenderOptions extends RenderOptions {
  /** Of this program. */
  version: string;
  /** The page of a rule; undefined for one that has none. */
  helpOf(rule: string): RuleHelp | undefined;
}

/** A format of the gate: a report in, text out. Pure: no clock, no locale, no file. */
export interface GateFormat {
  /** As `--format` names it. */
  name: string;
  render(report: GateReport, options: GateRenderOptions): string;
}

/** Fixes the type of a format. */
export function defineGateFormat<const F extends GateFormat>(format: F): F {
  return format;
}
