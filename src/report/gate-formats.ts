import type { GateFormat } from './gate-format.ts';
import { gateGithub } from './gate-github.ts';
import { gateGitlab } from './gate-gitlab.ts';
import { gateJson } from './gate-json.ts';
import { gateJunit } from './gate-junit.ts';
import { gateMarkdown } from './gate-markdown.ts';
import { gateSarif } from './gate-sarif.ts';
import { gateTerminal } from './gate-terminal.ts';

/** Every format of the gate, sorted by name. */
export const GATE_FORMATS = [
  gateGithub,
  gateGitlab,
  gateJson,
  gateJunit,
  gateMarkdown,
  gateSarif,
  gateTerminal,
] as const satisfies readonly GateFormat[];

/** As `--format` names them. */
export type GateFormatName = (typeof GATE_FORMATS)[number]['name'];
