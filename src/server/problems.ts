import type { FastifyError } from 'fastify';
import { UnknownName } from '../ask/answers/known-kernels.ts';
import { ToolError } from '../errors.ts';
import type { HttpProblem } from '../model/http.ts';

// What went wrong, for a client.

export interface Answer {
  status: number;
  body: HttpProblem;
}

type Fault = NonNullable<FastifyError['validation']>[number];

/** The status and body for an error: 404 for names that are not known, 400 for bad parameters, 500 for the rest. */
export function problemOf(error: FastifyError | ToolError): Answer {
  if (error instanceof UnknownName) {
    const { code, message, nearest } = error;
    return { status: 404, body: { code, message, nearest: [...nearest] } };
  }
  if (error instanceof ToolError) return problemOfTool(error);
  const [fault] = error.validation ?? [];
  if (fault) {
    const place = error.validationContext === 'params' ? 'path' : 'query';
    return { status: 400, body: { code: 'USAGE', message: `${place}: ${describe(fault)}` } };
  }
  const status = error.statusCode ?? 500;
  // What is our own fault is not told in detail.
  if (status >= 500) return { status, body: { code: 'INTERNAL', message: 'the answer could not be made' } };
  return { status, body: { code: 'USAGE', message: error.message.replaceAll('\n', ' ') } };
}

function problemOfTool({ code, message, exitCode }: ToolError): Answer {
  if (exitCode !== 2) return { status: 500, body: { code, message: 'the answer could not be made' } };
  if (code === 'RELEASE_UNKNOWN') return { status: 404, body: { code, message, nearest: [] } };
  const isOfServer = code.startsWith('CATALOG_') || code === 'DOCUMENT_INVALID' || code === 'FILE_UNREADABLE';
  return { status: isOfServer ? 500 : 400, body: { code, message } };
}

function describe({ instancePath, message = 'is wrong', params }: Fault): string {
  const subject = instancePath === '' ? '' : `${instancePath.slice(1)} `;
  const { additionalProperty, allowedValues } = params as {
    additionalProperty?: string;
    allowedValues?: readonly string[];
  };
  if (additionalProperty !== undefined) return `no parameter ${JSON.stringify(additionalProperty)} is known`;
  const values = allowedValues === undefined ? '' : `: ${allowedValues.join(', ')}`;
  return `${subject}${message}${values}`;
}
