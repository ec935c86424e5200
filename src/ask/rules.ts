import { RULES } from '../diff/rules/index.ts';
import type { RulesOutput } from '../model/outputs.ts';

/** The rules by which two kernels are compared, each with its impact and level: what `luo-abi rules --format json` prints. */
export function rules(): RulesOutput {
  return { rules: RULES.map(({ id, impact, level, summary }) => ({ id, impact, level, summary })) };
}
