/**
 * Cut words until they fit, the end kept whole: the last digits tell one account from its neighbours.
 *
 * `fits` says whether a text has room. What is cut is shown by an ellipsis; where not even the end fits, it stands alone.
 */
export function shortened(words: string, fits: (words: string) => boolean): string {
  if (fits(words)) return words
  const space = words.lastIndexOf(' ')
  const end = space < 0 ? '' : words.slice(space)
  const start = [...words.slice(0, space < 0 ? words.length : space)]
  while (start.length > 1) {
    start.pop()
    const cut = `${start.join('')}…${end}`
    if (fits(cut)) return cut
  }
  return end.trim() || '…'
}
