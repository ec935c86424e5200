import { spawnSync } from 'node:child_process';
import { ToolError } from '../errors.ts';
import { pause } from '../work.ts';

// How git is run: on the repository as it is, never to change it. No hooks, no locks, no pager, no replacement of
// objects, no fetching of objects that a partial clone left out, and paths mean themselves.

/** The oldest git that is used: `rev-parse --end-of-options` came with it. */
const OLDEST = [2, 30] as const;
/** Most bytes of one answer; callers ask for less at a time. */
const OUTPUT_LIMIT = 1 << 30;

const SETTINGS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'protocol.allow=never',
  ...['file', 'git', 'http', 'https', 'ssh'].map((name) => `protocol.${name}.allow=never`),
];
const FLAGS = [
  '--no-pager',
  '--no-optional-locks',
  '--no-replace-objects',
  '--literal-pathspecs',
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
];
const ENVIRONMENT = {
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};
/** What a hook of another repository would point elsewhere (`git rev-parse --local-env-vars`). */
const LOCAL_VARIABLES = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

/** What git answered. */
export interface GitAnswer {
  /** 0 where it went well. */
  status: number;
  output: Buffer;
  /** Its last complaint, in one line. */
  complaint: string;
}

let isChecked = false;

/**
 * Runs git in a folder. `.` is the place where the program runs, in a hook too; for any other folder what a hook says of
 * its own repository does not count.
 * @throws ToolError GIT_MISSING, GIT_TOO_OLD, GIT_FAILED (killed, or more output than anybody needs)
 */
export function runGit(folder: string, args: readonly string[], input?: string): GitAnswer {
  if (!isChecked) checkVersion();
  isChecked = true;
  return spawnGit([...FLAGS, '-C', folder, ...args], environmentFor(folder), input);
}

/**
 * Runs git in a folder with files and an index of one's own, outside of the repository.
 * @throws ToolError as runGit
 */
export function runGitOnFiles(
  folder: string,
  { files, index }: { files: string; index: string },
  args: readonly string[],
): GitAnswer {
  if (!isChecked) checkVersion();
  isChecked = true;
  const environment = { ...environmentFor(folder), GIT_INDEX_FILE: index };
  return spawnGit([...FLAGS, '-C', folder, '--work-tree', files, ...args], environment);
}

function environmentFor(folder: string): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = { ...process.env, ...ENVIRONMENT };
  if (folder !== '.') for (const name of LOCAL_VARIABLES) delete own[name];
  return own;
}

function spawnGit(args: readonly string[], env: NodeJS.ProcessEnv, input = ''): GitAnswer {
  pause();
  const { error, status, stdout, stderr } = spawnSync('git', args, { env, input, maxBuffer: OUTPUT_LIMIT });
  if (error) throw failureOf(error);
  const complaint = lastLine(stderr.toString('utf8'));
  if (status === null) throw new ToolError('GIT_FAILED', `git was killed${complaint && `: ${complaint}`}`);
  return { status, output: stdout, complaint };
}

function failureOf(error: Error): ToolError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new ToolError('GIT_MISSING', 'no program git');
  if (code === 'ENOBUFS') return new ToolError('GIT_FAILED', `git gave more than ${OUTPUT_LIMIT} bytes`);
  return new ToolError('GIT_FAILED', `git cannot be run (${code ?? error.message})`, { cause: error });
}

function checkVersion(): void {
  const { output } = spawnGit(['--version'], process.env);
  const said = output.toString('utf8').trim();
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(said) ?? [];
  const isNew = Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
  if (!isNew) throw new ToolError('GIT_TOO_OLD', `${said}: older than ${OLDEST.join('.')}`);
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:'));
  const said = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? '';
  return said.replace(/^(?:fatal|error): /, '').trim();
}
