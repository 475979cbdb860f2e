import { MARKS, PATTERNS, TILE } from './patterns'
import { curveOf, type Scene, type SceneEdge, type SceneNode } from './scene'
import { dashOf, fillOf, tintOf, type Theme } from './theme'

const MARGIN = 32
const HEAD = 84
const BAND = 10

/** What stands over and under a picture of the tree. */
export interface Caption {
  title: string
  heading: string
  /** who took it out, when; and that it is simulated, where it is */
  mark: string
  legend: { pattern: number; label: string }[]
}

/** The whole tree as an SVG picture that needs nothing beside itself. Pure. */
export function svgOf(scene: Scene, theme: Theme, caption: Caption): string {
  const foot = 28 + 18 * Math.ceil(caption.legend.length / 4)
  const width = Math.max(scene.width, 720) + 2 * MARGIN
  const height = scene.height + HEAD + foot + MARGIN
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="${escaped(theme.font)}" role="img">`,
    `<title>${escaped(`${caption.title} ${caption.heading}`)}</title>`,
    `<defs>${PATTERNS.map((pattern) => tile(pattern, theme.blue)).join('')}</defs>`,
    `<rect width="100%" height="100%" fill="${theme.ground}"/>`,
    text(MARGIN, 34, caption.title, { size: 20, weight: 700, fill: theme.ink }),
    text(MARGIN, 58, caption.heading, { size: 13, fill: theme.quiet }),
    `<g transform="translate(${MARGIN} ${HEAD})">`,
    ...scene.edges.map((edge) => path(edge, theme)),
    ...scene.nodes.map((node) => box(node, theme)),
    '</g>',
    ...caption.legend.map((one, place) => key(one, place, HEAD + scene.height + 28, theme)),
    text(MARGIN, height - 12, caption.mark, { size: 11, fill: theme.quiet }),
    '</svg>',
  ].join('')
}

export function escaped(words: string): string {
  const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  // XML knows no control characters.
  return words.replace(/[\u0000-\u0008\u000b-\u001f]/g, '').replace(/[&<>"]/g, (sign) => signs[sign]!)
}

function tile(pattern: (typeof PATTERNS)[number], colour: string): string {
  const marks = MARKS[pattern].map(
    ([x, y, width, height]) =>
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colour}"/>`,
  )
  return `<pattern id="p-${pattern}" width="${TILE}" height="${TILE}" patternUnits="userSpaceOnUse">${marks.join('')}</pattern>`
}

function text(
  x: number,
  y: number,
  words: string,
  style: { size: number; fill: string; weight?: number; anchor?: string },
): string {
  const anchor = style.anchor ? ` text-anchor="${style.anchor}"` : ''
  const weight = style.weight ? ` font-weight="${style.weight}"` : ''
  return `<text x="${x}" y="${y}" font-size="${style.size}"${weight}${anchor} fill="${style.fill}">${escaped(words)}</text>`
}

function path(edge: SceneEdge, theme: Theme): string {
  const { c1x, c1y, c2x, c2y } = curveOf(edge)
  const dash = edge.hand ? ' stroke-dasharray="8 5"' : ''
  const curve = `M${edge.x1} ${edge.y1}C${c1x} ${c1y} ${c2x} ${c2y} ${edge.x2} ${edge.y2}`
  const stroke = `stroke="${theme.flow}" stroke-opacity="0.45" stroke-width="${edge.width.toFixed(1)}"`
  return `<path d="${curve}" fill="none" ${stroke}${dash}><title>${escaped(edge.label)}</title></path>`
}

function box(node: SceneNode, theme: Theme): string {
  const dash = dashOf(node.fate).join(' ')
  const frame = `width="${node.width}" height="${node.height}"`
  const bar = { y: node.height - 6, width: node.width - BAND }
  const clipped = (words: string, most: number) =>
    words.length > most ? `${words.slice(0, most - 1)}…` : words
  return [
    `<g transform="translate(${node.x} ${node.y})"><title>${escaped(`${node.title} ${node.line}`)}</title>`,
    `<rect ${frame} fill="${theme.surface}"/>`,
    `<rect ${frame} fill="${fillOf(theme, node.fate, node.frozen)}" fill-opacity="${tintOf(node.fate, node.frozen, node.share).toFixed(2)}"/>`,
    ...bands(node),
    `<rect x="${BAND}" y="${bar.y}" width="${bar.width}" height="6" fill="${theme.line}"/>`,
    `<rect x="${BAND}" y="${bar.y}" width="${(bar.width * node.share).toFixed(1)}" height="6" fill="${fillOf(theme, node.fate, node.frozen)}"/>`,
    `<rect ${frame} fill="none" stroke="${theme.strong}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`,
    text(BAND + 6, 16, clipped(node.title, 24), { size: 12, weight: 600, fill: theme.ink }),
    text(BAND + 6, 32, clipped(node.line, 28), { size: 11, fill: theme.quiet }),
    node.marks
      ? text(node.width - 4, 32, node.marks, { size: 11, weight: 600, fill: theme.red, anchor: 'end' })
      : '',
    node.folded
      ? text(node.width + 6, node.height / 2 + 4, `+${node.folded}`, { size: 11, fill: theme.blue })
      : '',
    '</g>',
  ].join('')
}

function bands(node: SceneNode): string[] {
  let y = 0
  return node.bands.map(({ pattern, part }) => {
    const height = node.height * part
    const drawn = `<rect y="${y.toFixed(1)}" width="${BAND}" height="${height.toFixed(1)}" fill="url(#p-${pattern})"/>`
    y += height
    return drawn
  })
}

function key(one: Caption['legend'][number], place: number, y: number, theme: Theme): string {
  const x = MARGIN + (place % 4) * 170
  const row = y + 18 * Math.floor(place / 4)
  const pattern = PATTERNS[Math.min(one.pattern, PATTERNS.length - 1)]!
  return [
    `<rect x="${x}" y="${row - 11}" width="14" height="14" fill="url(#p-${pattern})" stroke="${theme.strong}"/>`,
    text(x + 20, row, one.label, { size: 12, fill: theme.ink }),
  ].join('')
}
