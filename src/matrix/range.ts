import Range from 'semver/classes/range.js';
import { ToolError } from '../errors.ts';
import { parseReleaseName } from '../model/release-name.ts';

/**
 * Whether a release is in a range of semver's language (`>=6.18 <7.2`, `7.x`). Series stand for their .0 release.
 * @throws ToolError USAGE for text that is not a range.
 */
export function matchesRange(release: string, text: string): boolean {
  const name = parseReleaseName(release);
  return name !== undefined && rangeOf(text).test(name.version);
}

/** Whether a text names one kernel with all its numbers (`6.18.5`, `7.3-rc7`, `7.2.12+mine`), and no range of them. */
export function isWholeName(text: string): boolean {
  return parseReleaseName(text) !== undefined && /^(?:next-|v?\d+\.\d+(?:\.\d+|[-+~_]))[^|\s]*$/.test(text);
}

function rangeOf(text: string): Range {
  try {
    return new Range(text, { includePrerelease: true });
  } catch (cause) {
    throw new ToolError('USAGE', `\`releases\` ${text}: not a range; write ">=6.18 <7.2" or "7.x"`, {
      cause,
    });
  }
}
