/** Whose money: each victim has a pattern of their own, told apart without colour; beyond these they share one. */
export const PATTERNS = ['solid', 'stripes', 'dots', 'bars', 'crosses', 'rows', 'checks', 'mixed'] as const
export type Pattern = (typeof PATTERNS)[number]

export function patternOf(victim: number): Pattern {
  return PATTERNS[Math.min(victim, PATTERNS.length - 1)]!
}

export const TILE = 8

/** The dark parts of an 8 × 8 tile: rectangles x, y, width, height. One drawing for screen and picture. */
export const MARKS: Record<Pattern, readonly (readonly [number, number, number, number])[]> = {
  solid: [[0, 0, 8, 8]],
  stripes: [
    [0, 6, 2, 2],
    [2, 4, 2, 2],
    [4, 2, 2, 2],
    [6, 0, 2, 2],
  ],
  dots: [
    [1, 1, 2, 2],
    [5, 5, 2, 2],
  ],
  bars: [
    [0, 0, 2, 8],
    [4, 0, 2, 8],
  ],
  crosses: [
    [3, 0, 2, 8],
    [0, 3, 8, 2],
  ],
  rows: [
    [0, 0, 8, 2],
    [0, 4, 8, 2],
  ],
  checks: [
    [0, 0, 4, 4],
    [4, 4, 4, 4],
  ],
  mixed: [
    [0, 0, 1, 1],
    [3, 5, 1, 1],
    [6, 2, 1, 1],
  ],
}
