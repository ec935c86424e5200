import etag from '@fastify/etag';
import swagger from '@fastify/swagger';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import { openAnswers } from '../ask/answers/open.ts';
import type { Catalog } from '../ask/open-catalog.ts';
import { page as pageOf } from '../ask/page.ts';
import { ToolError } from '../errors.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { HttpProblem } from '../model/http.ts';
import { ADDRESSES, addAddresses, sendBadge } from './addresses.ts';
import { badgeOfProblem, renderBadge } from './badge.ts';
import { openApiOptions } from './openapi.ts';
import { problemOf } from './problems.ts';
import { NO_QUERY } from './queries.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems are told as a badge too: who asks shows an image. */
    isImage?: boolean;
  }
}

/** Characters of a path with its query that are looked at. */
const URL_LENGTH = 2048;
const REQUEST_TIMEOUT = 10_000;

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-cache',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export interface ServerOptions {
  /** Opened for reading; closed by whoever opened it. */
  catalog: Catalog;
  /** Makes the page (default: here, which takes seconds during which nothing else is answered). */
  page?: () => Promise<string>;
}

/** A server that is ready to listen: the page and a read-only API over one catalog. Nothing of it writes. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { catalog, page = () => pageOf({ catalog }) } = options;
  const app = fastify({
    bodyLimit: 1024,
    requestTimeout: REQUEST_TIMEOUT,
    routerOptions: { maxParamLength: 128 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, useDefaults: true } },
    frameworkErrors: sendProblem,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (request.raw.url !== undefined && request.raw.url.length > URL_LENGTH) {
      const message = `the address is longer than ${URL_LENGTH} characters`;
      return sendBody(reply, 414, { code: 'USAGE', message });
    }
    return undefined;
  });
  // A problem has nothing that a client could have kept; this hook must come before that of the ETags.
  app.addHook('onSend', async (request, reply) => {
    if (reply.statusCode >= 400) delete request.headers['if-none-match'];
  });
  await app.register(etag);
  // The plugin compares one ETag alone; whoever has any, or one of a list, has this one.
  app.addHook('onSend', async ({ headers }, reply, payload) => {
    if (reply.statusCode !== 200 || !isHeld(headers['if-none-match'], reply.getHeader('etag')))
      return payload;
    reply.code(304);
    return '';
  });
  await app.register(swagger, openApiOptions(ADDRESSES));
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler(sendNotFound);
  const answers = await openAnswers(catalog);
  await app.register(async (scope) => addAddresses(scope, { catalog, page, ...answers }));
  app.get('/openapi.json', { schema: { querystring: NO_QUERY } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(canonicalJson(app.swagger())),
  );
  await app.ready();
  return app;
}

/**
 * Begins to take requests; the address it listens at, as a URL.
 * @throws ToolError PORT_IN_USE, HOST_UNUSABLE
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (reason === 'EADDRINUSE') {
      throw new ToolError('PORT_IN_USE', `port ${port} of ${host} is in use`, { cause });
    }
    throw new ToolError('HOST_UNUSABLE', `${host} port ${port}: cannot listen there (${reason})`, { cause });
  }
}

/** Whether `If-None-Match` names an ETag, weakly or not, or all of them (RFC 9110, 13.1.2). */
function isHeld(header: string | undefined, tag: unknown): boolean {
  if (header === undefined || typeof tag !== 'string') return false;
  return header.trim() === '*' || header.split(',').some((held) => held.trim().replace(/^W\//, '') === tag);
}

function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body } = problemOf(error);
  reply.headers(HEADERS);
  if (!request.routeOptions?.config?.isImage) return sendBody(reply, status, body);
  const words = status === 404 ? 'unknown release' : status < 500 ? 'bad request' : 'no answer';
  return sendBadge(reply.code(status), renderBadge(badgeOfProblem(words)));
}

function sendNotFound({ method }: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (method !== 'GET' && method !== 'HEAD') {
    reply.header('allow', 'GET, HEAD');
    return sendBody(reply, 405, {
      code: 'METHOD_NOT_ALLOWED',
      message: `${method}: everything here is read only`,
    });
  }
  return sendBody(reply, 404, {
    code: 'NOT_FOUND',
    message: 'nothing is at this address; /openapi.json lists what is',
  });
}

function sendBody(reply: FastifyReply, status: number, body: HttpProblem): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send(canonicalJson(body));
}
