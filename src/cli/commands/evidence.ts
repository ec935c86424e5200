import { addEvidence, importEvidenceFiles, listEvidence, settleEvidence } from '../../ask/evidence.ts';
import { ToolError } from '../../errors.ts';
import type { EvidenceListOutput } from '../../model/evidence.ts';
import { renderEvidenceList } from '../../report/evidence-terminal.ts';
import { withCatalog } from '../asking.ts';
import type { Io, OptionValues } from '../command.ts';
import { defineCommand } from '../command.ts';
import { EVIDENCE_OPTIONS, fieldsOf, placeOf } from '../evidence-options.ts';
import { printResult } from '../formats.ts';
import { textOf } from '../options.ts';

type Action = (operands: string[], options: OptionValues, io: Io) => Promise<EvidenceListOutput>;

export const command = defineCommand({
  usage: 'evidence <action> [operands...]',
  summary:
    'add OUTGOING INCOMING｜import FILE…｜list｜settle ID: what was tested, beside what is predicted. FILE is JUnit XML, TAP or JSON.',
  example:
    'luo-abi evidence add 7.2.12 7.3.4 --profile memfd --target x86_64-4k --outcome works --who lab --date 2026-11-20 --how "two servers"',
  options: EVIDENCE_OPTIONS,
  async run([action = '', ...operands], options, io) {
    const run = ACTIONS.get(action);
    const known = [...ACTIONS.keys()].join(', ');
    if (!run) throw new ToolError('USAGE', `evidence ${action}: known actions are ${known}`);
    const output = await run(operands, options, io);
    const terminal = (): string => renderEvidenceList(output.evidence, io.render);
    printResult({ terminal, json: () => output }, options, io);
    return action === 'list' && options.disagreeing === true && output.evidence.length > 0 ? 1 : 0;
  },
});

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  [
    'add',
    async ([outgoing, incoming, more], options, io) => {
      if (outgoing === undefined || incoming === undefined || more !== undefined) {
        throw new ToolError('USAGE', 'evidence add: name the outgoing and the incoming release');
      }
      const { outgoingImage, incomingImage } = options;
      const images = { outgoing: textOf(outgoingImage), incoming: textOf(incomingImage) };
      return addEvidence({ ...fieldsOf(options), outgoing, incoming }, placeOf(options, io), images);
    },
  ],
  [
    'import',
    async (files, options, io) => {
      if (files.length === 0) throw new ToolError('USAGE', 'evidence import: name at least one file');
      const { outcome: _outcome, ...defaults } = fieldsOf(options);
      return importEvidenceFiles(files, placeOf(options, io), defaults);
    },
  ],
  [
    'list',
    (_operands, options, io) => {
      const [release, profile, target] = [options.release, options.profile, options.target].map(textOf);
      const disagreeing = options.disagreeing === true;
      return withCatalog(options, io, (catalog) =>
        listEvidence({ catalog, release, profile, target, disagreeing }),
      );
    },
  ],
  [
    'settle',
    async ([id, more], options, io) => {
      const { who: by, date, reason } = options;
      if (id === undefined || more !== undefined)
        throw new ToolError('USAGE', 'evidence settle: name one record');
      if (typeof by !== 'string' || typeof date !== 'string' || typeof reason !== 'string') {
        throw new ToolError('USAGE', 'evidence settle: give --who, --date and --reason');
      }
      return settleEvidence(id, { by, date, reason }, placeOf(options, io));
    },
  ],
]);
