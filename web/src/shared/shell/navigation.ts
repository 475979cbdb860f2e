import type { IconName } from '@/shared/icons'

/** The left-hand navigation: what each entry needs, in the order of a duty officer's day. */
export interface NavEntry {
  key: string
  to: string
  icon: IconName
  permission?: string
}

export interface NavGroup {
  key: 'duty' | 'money' | 'governance' | 'administration'
  entries: NavEntry[]
}

export const NAVIGATION: readonly NavGroup[] = [
  {
    key: 'duty',
    entries: [
      { key: 'board', to: '/duty/board', icon: 'board', permission: 'deadline.read' },
      { key: 'intake', to: '/intake', icon: 'call', permission: 'report.write' },
      { key: 'reports', to: '/intake/reports', icon: 'inbox', permission: 'report.read' },
      { key: 'cases', to: '/cases', icon: 'case', permission: 'case.read' },
      { key: 'deadlines', to: '/duty/deadlines', icon: 'clock', permission: 'deadline.read' },
      { key: 'wall', to: '/wall', icon: 'wall', permission: 'deadline.read' },
    ],
  },
  {
    key: 'money',
    entries: [
      { key: 'traces', to: '/tracing/traces', icon: 'trace', permission: 'trace.read' },
      { key: 'orders', to: '/orders', icon: 'lock', permission: 'order.read' },
      { key: 'orderReview', to: '/orders/review', icon: 'acknowledged', permission: 'order.review' },
      { key: 'returns', to: '/restitution/returns', icon: 'undo', permission: 'return.read' },
      { key: 'reliefs', to: '/restitution/relief', icon: 'verified', permission: 'relief.read' },
      { key: 'imports', to: '/tracing/imports', icon: 'import', permission: 'ledger.read' },
      { key: 'accounts', to: '/tracing/accounts', icon: 'money', permission: 'ledger.read' },
    ],
  },
  {
    key: 'governance',
    entries: [
      { key: 'rules', to: '/policy/rules', icon: 'scale', permission: 'policy.read' },
      { key: 'changes', to: '/policy/changes', icon: 'pen', permission: 'policy.read' },
      { key: 'twin', to: '/twin', icon: 'flask', permission: 'twin.read' },
      { key: 'audit', to: '/oversight/audit', icon: 'eye', permission: 'audit.read' },
    ],
  },
  {
    key: 'administration',
    entries: [
      { key: 'units', to: '/people/units', icon: 'tree', permission: 'unit.read' },
      { key: 'users', to: '/people/users', icon: 'users', permission: 'user.read' },
      { key: 'roles', to: '/people/roles', icon: 'key', permission: 'role.read' },
      { key: 'outbox', to: '/exchange/outbox', icon: 'outbox', permission: 'outbox.read' },
      { key: 'inbox', to: '/exchange/inbox', icon: 'import', permission: 'outbox.read' },
      { key: 'institutions', to: '/exchange/institutions', icon: 'scale', permission: 'outbox.read' },
    ],
  },
]

/** The groups a person sees; a group without an entry for them is left out. */
export function visibleNavigation(can: (permission: string | undefined) => boolean): NavGroup[] {
  return NAVIGATION.map((group) => ({
    ...group,
    entries: group.entries.filter((entry) => can(entry.permission)),
  })).filter((group) => group.entries.length > 0)
}

/** Where a person lands after signing in: their role's desk if they may open it, else the first entry they may. */
export function homeOf(can: (permission: string | undefined) => boolean, desk = ''): string {
  const open = visibleNavigation(can).flatMap((group) => group.entries)
  return (open.find((entry) => entry.to === desk) ?? open[0])?.to ?? '/account'
}
