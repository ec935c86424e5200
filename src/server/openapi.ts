import type { SwaggerOptions } from '@fastify/swagger';
import type { SchemaName } from '../ask/program.ts';
import { packageVersion, schemaText } from '../ask/program.ts';
import { sortKeys } from '../model/canonical.ts';

// The OpenAPI document: requests come from the schemas that check them, answers from the published schemas.

/** What an address gives. */
export interface Described {
  summary: string;
  /** The published schemas of its answer, one of which it is; none for an image, a page and this document. */
  answers?: readonly SchemaName[];
  /** Where the answer is no JSON. */
  media?: string;
  /** It looks up names, and says 404 for one that is not known. */
  hasNames?: boolean;
}

type JsonObject = { [key: string]: unknown };
interface OpenApiDocument {
  paths?: JsonObject;
  components?: JsonObject;
  [key: string]: unknown;
}

/** Settings of @fastify/swagger. `described` is by address as routes have it, `/api/structs/:name`. */
export function openApiOptions(described: ReadonlyMap<string, Described>): SwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'luo-abi',
        version: packageVersion(),
        description:
          'Can a machine that runs Linux A be live-updated to Linux B? A read-only view of a catalog of kernels.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return {};
      return complete(document.openapiObject as OpenApiDocument, described) as never;
    },
  };
}

function complete(document: OpenApiDocument, described: ReadonlyMap<string, Described>): OpenApiDocument {
  const names = new Set<SchemaName>(['http-problem']);
  for (const { answers = [] } of described.values()) for (const name of answers) names.add(name);
  const paths: JsonObject = {};
  for (const [address, entry] of described) {
    const path = address.replace(/:(\w+)/g, '{$1}');
    const { get } = (document.paths?.[path] ?? {}) as { get?: JsonObject };
    if (get) paths[path] = { get: { summary: entry.summary, ...get, responses: responsesOf(entry) } };
  }
  const schemas = Object.assign({}, ...[...names].map(namespaced)) as JsonObject;
  return { ...document, paths: sortKeys(paths), components: { schemas: sortKeys(schemas) } };
}

function responsesOf({ answers = [], media, hasNames = false }: Described): JsonObject {
  const refs = answers.map((name) => ({ $ref: `#/components/schemas/${name}` }));
  const schema =
    refs.length > 1 ? { anyOf: refs } : (refs[0] ?? { type: media === undefined ? 'object' : 'string' });
  const problem = { 'application/json': { schema: { $ref: '#/components/schemas/http-problem' } } };
  return {
    200: { description: 'the answer', content: { [media ?? 'application/json']: { schema } } },
    304: { description: 'not changed since the answer with the ETag of If-None-Match' },
    400: { description: 'a parameter is bad', content: problem },
    ...(hasNames && { 404: { description: 'a name is not known', content: problem } }),
  };
}

/** A published schema and its definitions, under names of their own in one space: `check`, `check.Layout`. */
function namespaced(name: SchemaName): JsonObject {
  const {
    $schema,
    $id,
    definitions = {},
    ...body
  } = JSON.parse(schemaText(name), (key, value) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    const target = decodeURIComponent(value.replace('#/definitions/', ''));
    return `#/components/schemas/${partName(name, target)}`;
  }) as JsonObject;
  const parts = Object.entries(definitions as JsonObject).map(([key, value]) => [partName(name, key), value]);
  return { [name]: body, ...Object.fromEntries(parts) };
}

/** Names of types may hold what OpenAPI does not allow in a name. */
function partName(name: SchemaName, type: string): string {
  return `${name}.${type.replace(/[^\w.-]+/g, '-').replace(/^-|-$/g, '')}`;
}
