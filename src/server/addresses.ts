import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { KnownKernels } from '../ask/answers/known-kernels.ts';
import { Lru } from '../ask/answers/lru.ts';
import type { KeptAnswers } from '../ask/answers/open.ts';
import type { PairAnswers } from '../ask/answers/pair-answers.ts';
import { list } from '../ask/list.ts';
import { matrices, matrix } from '../ask/matrix.ts';
import type { Catalog } from '../ask/open-catalog.ts';
import { packageVersion } from '../ask/program.ts';
import { route } from '../ask/route.ts';
import { structHistory } from '../ask/struct-history.ts';
import { ToolError } from '../errors.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { HealthOutput } from '../model/http.ts';
import type { Profile } from '../model/profile.ts';
import { PROFILES } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { badgeOf, renderBadge } from './badge.ts';
import type { Described } from './openapi.ts';
import { contentPolicyOf } from './page.ts';
import type { MatrixQuery, RouteQuery } from './queries.ts';
import {
  BADGE_OPTIONS,
  BADGE_PATH,
  BADGE_QUERY,
  CHECK_QUERY,
  MATRIX_QUERY,
  NO_QUERY,
  ROUTE_QUERY,
  STRUCT_PATH,
  STRUCT_QUERY,
} from './queries.ts';

/** Every address but this document's own, for the OpenAPI document. */
export const ADDRESSES: ReadonlyMap<string, Described> = new Map<string, Described>([
  ['/', { summary: 'the matrix and all behind it, for people', media: 'text/html' }],
  ['/api/badge', { summary: 'the verdict of a pair as an image', media: 'image/svg+xml', hasNames: true }],
  ['/api/check', { summary: 'the verdict of a pair, and why', answers: ['check'], hasNames: true }],
  ['/api/matrix', { summary: 'the verdicts of many pairs', answers: ['matrix', 'matrices'], hasNames: true }],
  ['/api/releases', { summary: 'the kernels that are known', answers: ['list'] }],
  [
    '/api/route',
    {
      summary: 'the live updates that lead from one kernel to another',
      answers: ['route'],
      hasNames: true,
    },
  ],
  [
    '/api/structs/:name',
    { summary: 'the forms of a struct over the kernels', answers: ['struct-history'], hasNames: true },
  ],
  [
    '/badge/:from/:to',
    { summary: 'the verdict of a pair as an image', media: 'image/svg+xml', hasNames: true },
  ],
  ['/healthz', { summary: 'whether the server answers', answers: ['health'] }],
  ['/openapi.json', { summary: 'this document' }],
]);

/** A matrix of more kernels is not for one answer: a million pairs are two hundred megabytes. */
const MATRIX_LIMIT = 300;
/** Characters of kept answers about many pairs. */
const KEPT = 32 << 20;
const SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

interface PairQuery {
  from: string;
  to: string;
  profile: string;
  target: Target;
}

export interface AddressOptions extends KeptAnswers {
  catalog: Catalog;
  page(): Promise<string>;
}

/** Adds every address that answers about the kernels of a catalog. */
export function addAddresses(app: FastifyInstance, options: AddressOptions): void {
  const { catalog, kernels, pairs, page } = options;
  addHealth(app, { catalog, kernels });
  addPage(app, page);
  addPairs(app, kernels, pairs);
  addMany(app, { catalog, kernels });
}

function addHealth(
  app: FastifyInstance,
  { catalog, kernels }: { catalog: Catalog; kernels: KnownKernels },
): void {
  const health: HealthOutput = {
    status: 'ok',
    version: packageVersion(),
    catalog: catalog.stamp(),
    kernels: kernels.rows.length,
  };
  app.get('/healthz', { schema: { querystring: NO_QUERY } }, (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return sendJson(reply, canonicalJson(health));
  });
}

function addPage(app: FastifyInstance, makeHtml: () => Promise<string>): void {
  let page: Promise<{ html: string; policy: string }> | undefined;
  const make = async () => {
    const html = await makeHtml();
    return { html, policy: contentPolicyOf(html) };
  };
  // What the query says is for the page's own script.
  app.get('/', async (_request, reply) => {
    page ??= make().catch((error: unknown) => {
      page = undefined;
      throw error;
    });
    const { html, policy } = await page;
    reply.header('content-security-policy', policy);
    return reply.type('text/html; charset=utf-8').send(html);
  });
}

function addPairs(app: FastifyInstance, kernels: KnownKernels, pairs: PairAnswers): void {
  const questionOf = ({ from, to, profile, target }: PairQuery) => ({
    from: kernels.resolve(from),
    to: kernels.resolve(to),
    profile: profileNamed(profile),
    target,
  });
  const badge = (query: PairQuery, reply: FastifyReply): FastifyReply => {
    const question = questionOf(query);
    const text = badgeOf(
      { ...question, profile: query.profile },
      pairs.verdict({ ...question, both: false }),
    );
    return sendBadge(reply, renderBadge(text));
  };
  app.get<{ Querystring: PairQuery & { both: boolean } }>(
    '/api/check',
    { schema: { querystring: CHECK_QUERY } },
    ({ query }, reply) => sendJson(reply, pairs.text({ ...questionOf(query), both: query.both })),
  );
  app.get<{ Querystring: PairQuery }>(
    '/api/badge',
    { schema: { querystring: BADGE_QUERY }, config: { isImage: true } },
    ({ query }, reply) => badge(query, reply),
  );
  app.get<{ Params: Pick<PairQuery, 'from' | 'to'>; Querystring: Pick<PairQuery, 'profile' | 'target'> }>(
    '/badge/:from/:to',
    { schema: { params: BADGE_PATH, querystring: BADGE_OPTIONS }, config: { isImage: true } },
    ({ params: { from, to }, query }, reply) =>
      badge({ ...query, from, to: to.replace(/\.svg$/, '') }, reply),
  );
}

function addMany(
  app: FastifyInstance,
  { catalog, kernels }: { catalog: Catalog; kernels: KnownKernels },
): void {
  const kept = new Lru<string>(KEPT);
  const answer = async (key: unknown, make: () => Promise<unknown> | unknown): Promise<string> => {
    const name = JSON.stringify(key);
    const known = kept.get(name);
    if (known !== undefined) return known;
    const text = canonicalJson(await make());
    kept.set(name, text, text.length);
    return text;
  };
  app.get('/api/releases', { schema: { querystring: NO_QUERY } }, async (_request, reply) =>
    sendJson(reply, await answer('releases', () => list({ catalog }))),
  );
  app.get<{ Querystring: MatrixQuery }>(
    '/api/matrix',
    { schema: { querystring: MATRIX_QUERY }, preValidation: mendClass },
    async ({ query }, reply) =>
      sendJson(reply, await answer(['matrix', query], () => manyPairs(catalog, query))),
  );
  app.get<{ Querystring: RouteQuery }>(
    '/api/route',
    { schema: { querystring: ROUTE_QUERY } },
    async ({ query }, reply) => {
      const named = { ...query, from: kernels.resolve(query.from), to: kernels.resolve(query.to) };
      kernels.checkTarget(query.target, [named.from, named.to]);
      return sendJson(
        reply,
        await answer(['route', named], () => route(named.from, named.to, { ...named, catalog })),
      );
    },
  );
  app.get<{ Params: { name: string }; Querystring: { target: Target } }>(
    '/api/structs/:name',
    { schema: { params: STRUCT_PATH, querystring: STRUCT_QUERY } },
    async ({ params: { name }, query: { target } }, reply) =>
      sendJson(reply, await answer(['struct', name, target], () => structHistory(name, { catalog, target }))),
  );
}

/** A matrix, or without a profile the first look. */
function manyPairs(catalog: Catalog, { profile, class: only, ...query }: MatrixQuery) {
  if (catalog.kernels().length === 0) throw new ToolError('RELEASE_UNKNOWN', 'the catalog has no kernels');
  const asked = { ...query, catalog, only, mostKernels: MATRIX_LIMIT };
  return profile === undefined ? matrices(asked) : matrix({ ...asked, profile });
}

/** `class=main+1`, written as it is, comes as `main 1`. */
async function mendClass({ query }: FastifyRequest): Promise<void> {
  const parameters = query as { class?: unknown };
  if (typeof parameters.class === 'string') parameters.class = parameters.class.replaceAll(' ', '+');
}

function profileNamed(name: string): Profile {
  // The schema of the query lets no other name pass.
  return PROFILES.find((profile) => profile.name === name) as Profile;
}

function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text);
}

/** @param svg made by `renderBadge` */
export function sendBadge(reply: FastifyReply, svg: string): FastifyReply {
  reply.header('content-security-policy', SVG_POLICY);
  return reply.type('image/svg+xml; charset=utf-8').send(svg);
}
