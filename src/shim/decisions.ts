import { ToolError } from '../errors.ts';
import type { ShimAnswer, ShimDecision, ShimQuestion } from '../model/shim.ts';

/** Decisions as they were read, with the name of the file for errors. */
export interface GivenDecisions {
  path: string;
  decisions: { readonly [subject: string]: ShimDecision };
}

/**
 * The questions with the answers of a decision file. A file must answer every question, and nothing that was not asked.
 * @throws ToolError DOCUMENT_INVALID with the name of what is forgotten, not known, or answered in a way that it does not take
 */
export function decide(
  questions: readonly ShimQuestion[],
  { path, decisions }: GivenDecisions,
): ShimQuestion[] {
  const subjects = new Set(questions.map(({ subject }) => subject));
  const stranger = Object.keys(decisions).find((subject) => !subjects.has(subject));
  if (stranger !== undefined) {
    const known = [...subjects].join(', ') || 'none';
    throw invalid(path, `${stranger} is not among what is to be decided; that is: ${known}`);
  }
  return questions.map((question): ShimQuestion => {
    const { subject, answers } = question;
    const decision = Object.hasOwn(decisions, subject) ? decisions[subject] : undefined;
    if (decision === undefined) throw invalid(path, `${subject} is not decided: ${question.question}`);
    const answer = answerOf(decision);
    if (!answers.includes(answer)) {
      throw invalid(path, `${subject}: ${answer} is no decision here; known: ${answers.join(', ')}`);
    }
    return { ...question, decision };
  });
}

/** The kind of a decision. */
export function answerOf(decision: ShimDecision): ShimAnswer {
  return typeof decision === 'object' ? 'default' : decision;
}

function invalid(path: string, words: string): ToolError {
  return new ToolError('DOCUMENT_INVALID', `${path}: ${words}`, { path });
}
