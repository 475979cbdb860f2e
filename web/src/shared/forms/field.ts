/** What stands under a field: a fault, a doubt, or how what was typed is read. */
export interface Note {
  kind: 'fault' | 'doubt' | 'read'
  text: string
}

/** The id of the input at a place of the form, so that a fault found there can take the cursor to it. */
export function fieldId(path: string): string {
  return `field-${path.replace(/\./g, '-')}`
}
