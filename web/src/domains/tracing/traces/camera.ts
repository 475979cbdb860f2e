/** What part of the tree is seen: a point of the tree at the view's left top, and how large it is drawn. Pure. */
export interface Camera {
  x: number
  y: number
  scale: number
}

export interface Size {
  width: number
  height: number
}

export const CLOSEST = 2
export const FARTHEST = 0.04
const MARGIN = 24
/** The smallest scale at which a node's first line is drawn. */
export const LEGIBLE = 0.3

/** The whole tree, no larger than life; a tall one is shown from its top at a size one can read. */
export function fit(tree: Size, view: Size): Camera {
  const across = (view.width - 2 * MARGIN) / Math.max(tree.width, 1)
  const down = (view.height - 2 * MARGIN) / Math.max(tree.height, 1)
  const scale = clamp(Math.min(across, down, 1))
  const left = (view.width / scale - tree.width) / 2
  const top = (view.height / scale - tree.height) / 2
  return { x: -Math.max(left, MARGIN / scale), y: -Math.max(top, MARGIN / scale), scale }
}

/** What is shown first: the whole tree where it can be read so, else its width, at the height of `y`. */
export function opened(tree: Size, view: Size, y: number): Camera {
  const whole = fit(tree, view)
  if (whole.scale >= LEGIBLE) return whole
  const across = (view.width - 2 * MARGIN) / Math.max(tree.width, 1)
  const scale = clamp(Math.max(LEGIBLE, Math.min(across, 0.6)))
  return { x: -MARGIN / scale, y: y - view.height / scale / 2, scale }
}

/** The camera after zooming by `factor` with the point at (`px`, `py`) of the view kept where it is. */
export function zoomAt(camera: Camera, factor: number, px: number, py: number): Camera {
  const scale = clamp(camera.scale * factor)
  return {
    x: camera.x + px / camera.scale - px / scale,
    y: camera.y + py / camera.scale - py / scale,
    scale,
  }
}

export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale }
}

/** The camera that shows a box whole, moved no further than it must. */
export function reveal(camera: Camera, box: { x: number; y: number } & Size, view: Size): Camera {
  const width = view.width / camera.scale
  const height = view.height / camera.scale
  return {
    ...camera,
    x: Math.min(Math.max(camera.x, box.x + box.width - width + MARGIN), box.x - MARGIN),
    y: Math.min(Math.max(camera.y, box.y + box.height - height + MARGIN), box.y - MARGIN),
  }
}

function clamp(scale: number): number {
  return Math.min(CLOSEST, Math.max(FARTHEST, scale))
}
