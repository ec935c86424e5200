import { writeAtomically } from '../../ask/files/write.ts';
import { ToolError } from '../../errors.ts';
import { renderComponentCheck } from '../../report/component-terminal.ts';
import { askingOf } from '../asking.ts';
import { defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';

export const command = defineCommand({
  usage: 'component <action> [operands...]',
  summary:
    'propose TREE [NAME]｜check FILE TREE: a component of your own from what a tree shows of it, and what of one a tree has. Exit 1 from check where the tree has no form of it that the file describes.',
  example: 'luo-abi component propose linux mshv -o components/mshv.yaml',
  options: [{ flags: '-o, --output <file>', summary: 'propose: write the component here' }, FORMAT_OPTION],
  async run([action = '', ...operands], options, io) {
    const { checkComponent, proposeComponent } = await import('../../ask/component.ts');
    const [first, second, ...rest] = operands;
    if (first === undefined || rest.length > 0 || (action === 'check' && second === undefined))
      throw new ToolError('USAGE', 'component: give propose TREE [NAME], or check FILE TREE');
    if (action === 'propose') {
      const text = await proposeComponent(first, second, askingOf(io));
      if (typeof options.output === 'string') writeAtomically(options.output, text);
      else io.out(text);
      return 0;
    }
    if (action !== 'check' || second === undefined)
      throw new ToolError('USAGE', `component ${action}: known actions are propose, check`);
    const output = await checkComponent(first, second, askingOf(io));
    printResult({ terminal: () => renderComponentCheck(output, io.render), json: () => output }, options, io);
    return output.isFound ? 0 : 1;
  },
});
