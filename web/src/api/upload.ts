import { csrfToken, guardedFetch } from './fetch'
import { plainProblem, problemOf } from './problem'

export interface Uploaded {
  sha256: string
  size: number
}

/**
 * Uploads a file and tells how much of it is on its way (0 … 1). A session that has ended in the meantime is mended as
 * everywhere, by sending the file once more.
 */
export async function upload(
  file: File,
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<Uploaded> {
  const address = `/api/files?name=${encodeURIComponent(file.name)}`
  const response = await sent(address, file, progress, signal)
  if (response.ok) return (await response.json()) as Uploaded
  if (response.status !== 401 && response.status !== 403) throw await problemOf(response)
  const url = new URL(address, window.location.origin)
  const again = new Request(url, { method: 'POST', body: file, credentials: 'same-origin', signal })
  return (await (await guardedFetch(again)).json()) as Uploaded
}

/** `fetch` cannot tell how much was sent, an XMLHttpRequest can. */
function sent(
  address: string,
  file: File,
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', address)
    request.responseType = 'blob'
    request.setRequestHeader('X-CSRF-Token', csrfToken() ?? '')
    request.setRequestHeader('Accept-Language', document.documentElement.lang)
    request.upload.onprogress = (event) => progress(event.total ? event.loaded / event.total : 0)
    request.onload = () => resolve(new Response(request.response as Blob, { status: request.status || 500 }))
    request.onerror = () => reject(plainProblem('network'))
    request.onabort = () => reject(plainProblem('network'))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
