import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connect, Plugin } from 'vite'
import { answer } from './answers.ts'

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  return text ? JSON.parse(text) : undefined
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  const beat = setInterval(() => response.write('event: ping\ndata: {}\n\n'), 15_000)
  response.write('event: ping\ndata: {}\n\n')
  response.on('close', () => clearInterval(beat))
}

const handler: Connect.NextHandleFunction = async (request, response, next) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (!url.pathname.startsWith('/api/')) return next()
  if (url.pathname === '/api/events') return stream(response)
  const { status, body } = answer(request.method ?? 'GET', url, await bodyOf(request))
  response.writeHead(status, {
    'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json',
  })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

/** Answers /api from memory while there is no backend; for development only. */
export function mock(): Plugin {
  return {
    name: 'rongdun-mock',
    configureServer: (server) => void server.middlewares.use(handler),
    configurePreviewServer: (server) => void server.middlewares.use(handler),
  }
}
