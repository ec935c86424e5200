import { ToolError } from '../../errors.ts';

/** What a capture gives; where it fails on a patch series, the error says what such a one needs. */
export async function explainLocator<T>(locator: string, captured: Promise<T>): Promise<T> {
  try {
    return await captured;
  } catch (error) {
    const isStrange = error instanceof ToolError && ['NOT_A_KERNEL', 'SOURCE_UNKNOWN'].includes(error.code);
    if (!isStrange) throw error;
    const { isPatchSeries } = await import('../../sources/patch-series.ts');
    if (!(await isPatchSeries(locator))) throw error;
    throw new ToolError(
      'USAGE',
      `${locator}: a patch series; name the kernel that it applies to with \`on\``,
    );
  }
}
