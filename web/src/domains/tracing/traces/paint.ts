import { LEGIBLE, type Camera, type Size } from './camera'
import { MARKS, TILE, type Pattern } from './patterns'
import { curveOf, inView, type Scene, type SceneEdge, type SceneNode } from './scene'
import { dashOf, fillOf, tintOf, type Theme } from './theme'
import { shortened } from './shorten'

/** Below this scale words cannot be read and are left out; below the other, bands and bars too. */
export const READABLE = 0.5
const SKETCHY = 0.2
const BAND = 10

export interface Painting {
  scene: Scene
  camera: Camera
  size: Size
  /** device pixels to a pixel of the page */
  ratio: number
  theme: Theme
  selected: string | null
}

/** Draws what can be seen of the tree, as exactly as its size allows. Returns how many nodes that were. */
export function paint(context: CanvasRenderingContext2D, one: Painting): number {
  const { camera, size, ratio, theme } = one
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.fillStyle = theme.ground
  context.fillRect(0, 0, size.width, size.height)
  const scale = camera.scale * ratio
  context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale)
  const view = {
    x: camera.x,
    y: camera.y,
    width: size.width / camera.scale,
    height: size.height / camera.scale,
  }
  const edges = one.scene.edges.filter((edge) => inView(boxOf(edge), view))
  for (const edge of edges) paintEdge(context, edge, one)
  const nodes = one.scene.nodes.filter((node) => inView(node, view))
  for (const node of nodes) paintNode(context, node, one)
  return nodes.length
}

function boxOf(edge: SceneEdge): { x: number; y: number; width: number; height: number } {
  const { c1x, c1y, c2x, c2y } = curveOf(edge)
  const xs = [edge.x1, edge.x2, c1x, c2x]
  const ys = [edge.y1, edge.y2, c1y, c2y]
  const x = Math.min(...xs) - edge.width
  const y = Math.min(...ys) - edge.width
  return { x, y, width: Math.max(...xs) + edge.width - x, height: Math.max(...ys) + edge.width - y }
}

function paintEdge(context: CanvasRenderingContext2D, edge: SceneEdge, one: Painting): void {
  const { theme, selected } = one
  const chosen = selected !== null && (edge.from === selected || edge.to === selected)
  const { c1x, c1y, c2x, c2y } = curveOf(edge)
  context.beginPath()
  context.moveTo(edge.x1, edge.y1)
  context.bezierCurveTo(c1x, c1y, c2x, c2y, edge.x2, edge.y2)
  context.lineWidth = Math.max(edge.width, 0.8 / one.camera.scale)
  context.strokeStyle = chosen ? theme.blue : theme.flow
  context.globalAlpha = chosen ? 0.8 : selected === null ? 0.45 : 0.2
  context.setLineDash(edge.hand ? [8, 5] : [])
  context.stroke()
  context.setLineDash([])
  context.globalAlpha = 1
  if (chosen && one.camera.scale >= READABLE) label(context, edge, theme)
}

function label(context: CanvasRenderingContext2D, edge: SceneEdge, theme: Theme): void {
  const { c1x, c1y, c2x, c2y } = curveOf(edge)
  const x = (edge.x1 + 3 * c1x + 3 * c2x + edge.x2) / 8
  const y = (edge.y1 + 3 * c1y + 3 * c2y + edge.y2) / 8
  context.font = `11px ${theme.font}`
  context.textAlign = 'center'
  const width = context.measureText(edge.label).width + 8
  context.fillStyle = theme.ground
  context.fillRect(x - width / 2, y - 8, width, 16)
  context.fillStyle = theme.ink
  context.fillText(edge.label, x, y + 4)
  context.textAlign = 'left'
}

function paintNode(context: CanvasRenderingContext2D, node: SceneNode, one: Painting): void {
  const { theme, camera } = one
  const sketch = camera.scale < SKETCHY
  context.fillStyle = sketch ? mixed(node, theme) : theme.surface
  context.fillRect(node.x, node.y, node.width, node.height)
  if (!sketch) {
    context.globalAlpha = tintOf(node.fate, node.frozen, node.share)
    context.fillStyle = fillOf(theme, node.fate, node.frozen)
    context.fillRect(node.x, node.y, node.width, node.height)
    context.globalAlpha = 1
    paintBands(context, node, theme)
    paintShare(context, node, theme)
  }
  context.lineWidth = node.id === one.selected ? 2.5 : 1
  context.strokeStyle = node.id === one.selected ? theme.blue : theme.strong
  context.setLineDash(dashOf(node.fate))
  context.strokeRect(node.x, node.y, node.width, node.height)
  context.setLineDash([])
  if (camera.scale >= READABLE) paintWords(context, node, theme)
  else if (camera.scale >= LEGIBLE) paintTitle(context, node, theme, camera.scale)
}

function mixed(node: SceneNode, theme: Theme): string {
  return node.fate === 'left' || node.fate === 'source' ? fillOf(theme, node.fate, node.frozen) : theme.line
}

/** The strip on the left: whose money, each victim with a pattern of their own. */
function paintBands(context: CanvasRenderingContext2D, node: SceneNode, theme: Theme): void {
  let y = node.y
  for (const { pattern, part } of node.bands) {
    const height = node.height * part
    context.fillStyle = tileOf(pattern, theme.blue) ?? theme.blue
    context.save()
    context.translate(node.x, y)
    context.fillRect(0, 0, BAND, height)
    context.restore()
    y += height
  }
}

/** The bar at the foot: how much of what came still lies there. */
function paintShare(context: CanvasRenderingContext2D, node: SceneNode, theme: Theme): void {
  const width = node.width - BAND
  context.fillStyle = theme.line
  context.fillRect(node.x + BAND, node.y + node.height - 6, width, 6)
  context.fillStyle = fillOf(theme, node.fate, node.frozen)
  context.fillRect(node.x + BAND, node.y + node.height - 6, width * node.share, 6)
}

function fitted(context: CanvasRenderingContext2D, words: string, room: number): string {
  return shortened(words, (cut) => context.measureText(cut).width <= room)
}

/** From afar one line, as large on the screen as it would be from near. */
function paintTitle(context: CanvasRenderingContext2D, node: SceneNode, theme: Theme, scale: number): void {
  context.save()
  context.beginPath()
  context.rect(node.x + BAND, node.y, node.width - BAND, node.height)
  context.clip()
  context.font = `${10.5 / scale}px ${theme.font}`
  context.fillStyle = theme.ink
  const title = fitted(context, node.title, node.width - BAND - 6 / scale)
  context.fillText(title, node.x + BAND + 3 / scale, node.y + node.height / 2 + 2.5 / scale)
  context.restore()
}

function paintWords(context: CanvasRenderingContext2D, node: SceneNode, theme: Theme): void {
  context.save()
  context.beginPath()
  context.rect(node.x + BAND, node.y, node.width - BAND, node.height)
  context.clip()
  context.font = `600 12px ${theme.font}`
  context.fillStyle = theme.ink
  context.fillText(fitted(context, node.title, node.width - BAND - 10), node.x + BAND + 6, node.y + 16)
  context.font = `11px ${theme.font}`
  context.fillStyle = theme.quiet
  context.fillText(node.line, node.x + BAND + 6, node.y + 32)
  if (node.marks) {
    context.font = `600 11px ${theme.font}`
    context.fillStyle = theme.red
    context.textAlign = 'right'
    context.fillText(node.marks, node.x + node.width - 4, node.y + 32)
    context.textAlign = 'left'
  }
  context.restore()
  if (node.folded) {
    context.fillStyle = theme.blue
    context.font = `600 11px ${theme.font}`
    context.fillText(`+${node.folded}`, node.x + node.width + 6, node.y + node.height / 2 + 4)
  }
}

const tiles = new Map<string, CanvasPattern | null>()

function tileOf(pattern: Pattern, colour: string): CanvasPattern | null {
  const name = `${pattern} ${colour}`
  if (!tiles.has(name)) {
    const tile = document.createElement('canvas')
    tile.width = tile.height = TILE
    const context = tile.getContext('2d')!
    context.fillStyle = colour
    for (const mark of MARKS[pattern]) context.fillRect(...mark)
    tiles.set(name, context.createPattern(tile, 'repeat'))
  }
  return tiles.get(name) ?? null
}
