import { guardedFetch } from './fetch'

/** The query string of a request; absent values are left out, lists are repeated. */
export function queryString(query: object): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query) as [string, unknown][]) {
    if (value === undefined || value === null || value === '') continue
    if (Array.isArray(value)) value.forEach((one: string) => search.append(key, one))
    else search.append(key, String(value))
  }
  const text = search.toString()
  return text ? `?${text}` : ''
}

/** The name a server gave its file; the UTF-8 form wins over the plain one. */
export function fileNameOf(disposition: string | null, fallback: string): string {
  const extended = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1]
  if (extended) return decodeURIComponent(extended)
  return disposition?.match(/filename="?([^";]+)"?/i)?.[1] ?? fallback
}

/** Fetches a file under the session's manners (a refusal is a problem, not a broken file) and saves it. */
export async function download(path: string, query: object = {}): Promise<void> {
  const url = new URL(path + queryString(query), window.location.origin)
  const response = await guardedFetch(new Request(url, { credentials: 'same-origin' }))
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = fileNameOf(response.headers.get('content-disposition'), path.split('/').pop() ?? 'file')
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
