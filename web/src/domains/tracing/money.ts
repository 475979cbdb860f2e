/** Fen as yuan with groups of three and two decimals: 1,234.50. Exact: the digits are cut, not divided. */
export function yuan(fen: number | null | undefined): string {
  if (fen === null || fen === undefined) return ''
  const digits = String(Math.abs(fen)).padStart(3, '0')
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${fen < 0 ? '−' : ''}${whole}.${digits.slice(-2)}`
}

/** The same with its sign always there: +1,234.50. */
export function signedYuan(fen: number): string {
  return fen > 0 ? `+${yuan(fen)}` : yuan(fen)
}

/** Bytes as people read them. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const [amount, unit] = bytes < 1024 ** 2 ? [bytes / 1024, 'KB'] : [bytes / 1024 ** 2, 'MB']
  return `${amount.toFixed(amount < 10 ? 1 : 0)} ${unit}`
}
