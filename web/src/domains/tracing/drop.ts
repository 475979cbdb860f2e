/** Files out of a drop or a chooser, folders opened, each with its path inside what was dropped. */
export interface Picked {
  file: File
  path: string
}

/** What systems leave in folders; nobody means to import it. */
const LITTER = /(^|\/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|~\$[^/]*|\._[^/]*)(\/|$)/

export function isLitter(path: string): boolean {
  return LITTER.test(path)
}

/** Every file of a drop. The entries must be taken before the event is over, hence nothing is awaited first. */
export async function fromDrop(transfer: DataTransfer): Promise<Picked[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  if (!entries.length) return clean([...transfer.files].map((file) => ({ file, path: file.name })))
  return clean((await Promise.all(entries.map(walk))).flat())
}

/** Every file of a chooser, of single files or of a folder. */
export function fromInput(files: Iterable<File>): Picked[] {
  return clean([...files].map((file) => ({ file, path: file.webkitRelativePath || file.name })))
}

function clean(picked: Picked[]): Picked[] {
  const wanted = picked.filter((one) => !isLitter(one.path))
  return wanted.sort((one, two) => one.path.localeCompare(two.path, 'zh-CN', { numeric: true }))
}

async function walk(entry: FileSystemEntry): Promise<Picked[]> {
  const path = entry.fullPath.replace(/^\//, '')
  if (entry.isFile) return [{ file: await fileOf(entry as FileSystemFileEntry), path }]
  const inside = await listOf((entry as FileSystemDirectoryEntry).createReader())
  return (await Promise.all(inside.map(walk))).flat()
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** A reader hands out at most a hundred entries at a time. */
async function listOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const found: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (!part.length) return found
    found.push(...part)
  }
}
