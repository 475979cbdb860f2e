export interface SearchItem {
  id: string
  label: string
  sub: string
  route: string
}

export interface SearchGroup {
  kind: string
  items: SearchItem[]
}
