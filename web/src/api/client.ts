import createClient from 'openapi-fetch'
import { guardedFetch } from './fetch'
import type { paths } from './schema'

/** The API, as its own description types it; every refusal is thrown as `ApiProblem`. */
export const client = createClient<paths>({ baseUrl: window.location.origin, fetch: guardedFetch })

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Json<Part> = Part extends { content: { 'application/json': infer Shape } } ? Shape : never

/** What an operation answers. */
export type Answer<Path extends keyof paths, Verb extends Method> = paths[Path][Verb] extends {
  responses: infer All
}
  ? Json<All[keyof All & (200 | 201)]>
  : never

/** What an operation is sent. */
export type Sent<Path extends keyof paths, Verb extends Method> = paths[Path][Verb] extends {
  requestBody?: infer Part
}
  ? Json<NonNullable<Part>>
  : never

/** A row of a table's page. */
export type Row<Path extends keyof paths> = Answer<Path, 'get'> extends { items: (infer One)[] } ? One : never

/** What every table is asked with. */
export interface TableQuery {
  page?: number
  size?: number
  sort?: string
  q?: string
  filter?: string[]
}

/** The content of an answer that came; refusals never get here. */
export async function content<Shape>(call: Promise<{ data?: Shape }>): Promise<Shape> {
  return (await call).data as Shape
}
