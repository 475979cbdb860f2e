/** Numbers that were typed into a form; what is left empty is left out, and so stays as it is. */
export function typed(numbers: Record<string, string>): Record<string, string> {
  const trimmed = Object.entries(numbers).map(([name, text]) => [name, text.trim()] as const)
  return Object.fromEntries(trimmed.filter(([, text]) => text))
}
