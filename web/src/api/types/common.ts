export interface Page<Row> {
  items: Row[]
  total: number
  total_capped: boolean
  page: number
  size: number
}

export interface Subject {
  kind: string
  id: string
  label: string
}

export interface UnitRef {
  id: string
  name: string
}
