import { stage } from '../../ask/host/staged.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FAIL_ON_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
} from '../command.ts';

export const command = defineCommand({
  usage: 'preflight',
  summary:
    'On a host, before a kexec: can the running kernel hand over to the staged one? One line, and the exit code of check.',
  example: 'luo-abi preflight --staged /boot/vmlinuz-7.3.4+deb13-amd64 --profile memfd',
  options: [
    {
      flags: '--staged <locator>',
      summary:
        'an image, a package (several of one build may be given), a capture document or a release (default: the newest image that is installed and does not run)',
      repeatable: true,
    },
    PROFILE_OPTION,
    { flags: '--target <name>', summary: 'the target, where neither kernel says it (default: x86_64-4k)' },
    { flags: '--root <folder>', summary: "where the host's file system is (default: /)" },
    FAIL_ON_OPTION,
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(_operands, options, io) {
    // An image is unpacked by another process while the rest is loaded.
    const staged = Array.isArray(options.staged) ? stage(options.staged) : undefined;
    await staged?.begun;
    const { answerPreflight } = await import('../preflight-answer.ts');
    return answerPreflight(staged, options, io);
  },
});
