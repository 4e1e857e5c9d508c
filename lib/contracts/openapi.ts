// Client-safe. The OpenAPI 3.1 document, made from the route table.
import { z } from 'zod';
import { problemSchema } from './problems.ts';
import { ROUTES, type Route, type RouteAccess } from './routes.ts';

type Json = Readonly<Record<string, unknown>>;

/** The document of every route: paths, who may call them, bodies and answers, all from the contracts that handlers parse. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Countersign', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { Problem: schema(problemSchema, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'countersign.session' },
        person: { type: 'http', scheme: 'bearer', description: 'A CLI token of a person' },
        agent: { type: 'http', scheme: 'bearer', description: 'An agent token with the audience /api/v1/calls' },
      },
    },
  };
}

function operation(route: Route): Json {
  return {
    summary: route.summary,
    description: whoMay(route.access),
    security: securityOf(route.access),
    ...parameters(route),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schema(route.body, 'input') } } } }),
    responses: {
      [String(route.status ?? 200)]: answer(route),
      default: {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function answer(route: Route): Json {
  if (route.answer === undefined) return { description: 'Done' };
  return { description: 'Done', content: { 'application/json': { schema: schema(route.answer, 'output') } } };
}

function parameters(route: Route): Json {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const fields = route.query instanceof z.ZodObject ? Object.entries(route.query.shape) : [];
  const inQuery = fields.map(([name, field]) => ({
    name,
    in: 'query',
    required: false,
    schema: z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }),
  }));
  return inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] };
}

function schema(type: z.ZodType, io: 'input' | 'output'): Json {
  return z.toJSONSchema(type, { io, unrepresentable: 'any' });
}

function securityOf(access: RouteAccess): readonly Json[] {
  switch (access.kind) {
    case 'public':
    case 'signed':
      return [];
    case 'human':
      return [{ session: [] }, { person: [] }];
    case 'agent':
      return [{ agent: [] }];
  }
}

function whoMay(access: RouteAccess): string {
  switch (access.kind) {
    case 'public':
      return 'Anybody who reaches the console.';
    case 'human':
      return access.roles.length === 0 ? 'Everybody who is signed in.' : `Needs the role ${access.roles.join(' or ')}.`;
    case 'agent':
      return 'Agents only; cookies are ignored.';
    case 'signed':
      return 'Whoever can sign the body as agreed; cookies are ignored.';
  }
}
