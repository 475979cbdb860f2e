/**
 * The server's clock as seen from here. Legal clocks run on the server's time: a desk computer that is ten minutes
 * wrong must still show the right time left.
 */
let offsetMs = 0
let uncertaintyMs = Number.POSITIVE_INFINITY

/** Takes a server time seen between `sentAt` and `receivedAt` (ms of the local clock); the tighter reading wins. */
export function noteServerTime(serverMs: number, sentAt: number, receivedAt: number, resolutionMs = 0): void {
  if (!Number.isFinite(serverMs)) return
  const uncertainty = (receivedAt - sentAt) / 2 + resolutionMs / 2
  const offset = serverMs + resolutionMs / 2 - (sentAt + receivedAt) / 2
  const moved = Math.abs(offset - offsetMs) > uncertainty + uncertaintyMs
  if (uncertainty > uncertaintyMs && !moved) return
  offsetMs = offset
  uncertaintyMs = uncertainty
}

/** Milliseconds since the epoch by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs
}

/** How far the server is ahead of this computer, in milliseconds. */
export function clockOffset(): number {
  return offsetMs
}

/** Forgets what is known of the server's clock. */
export function resetClock(): void {
  offsetMs = 0
  uncertaintyMs = Number.POSITIVE_INFINITY
}
