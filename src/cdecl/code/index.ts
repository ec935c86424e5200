export { Canon, type CodeNames, type WireMember } from './canon.ts';
export { parseFunction, parseInitializer, parseMacro } from './code-parser.ts';
export { FileCode, type WrittenFunction, type WrittenMember, type WrittenVariable } from './file-code.ts';
export { Flow } from './flow.ts';
export { type FlowNode, FlowUnknown, hashOfFlow } from './flow-nodes.ts';
export type { CodeType, Expression, FunctionCode, Statement } from './syntax.ts';
export { TokenMissing } from './token-reader.ts';
export { expressionsIn, partsOf, statementsIn } from './walk.ts';
