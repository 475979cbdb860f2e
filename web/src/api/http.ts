import { queryString } from './download'
import { guardedFetch } from './fetch'

function request(method: string, path: string, body?: unknown, signal?: AbortSignal): Request {
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  const headers = {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  }
  return new Request(new URL(path, window.location.origin), {
    method,
    headers,
    signal,
    credentials: 'same-origin',
    ...json,
  })
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await guardedFetch(request(method, path, body, signal))
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

export const http = {
  get: <T>(path: string, query: object = {}, signal?: AbortSignal) =>
    call<T>('GET', path + queryString(query), undefined, signal),
  post: <T>(path: string, body: unknown = {}) => call<T>('POST', path, body),
  put: <T>(path: string, body: unknown) => call<T>('PUT', path, body),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, body),
  delete: <T = void>(path: string, body?: unknown) => call<T>('DELETE', path, body),
}
