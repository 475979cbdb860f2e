import { describe, expect, it } from 'vitest'
import zh from '@/locales/zh-CN'
import { router } from '@/router'
import { homeOf, NAVIGATION, visibleNavigation } from '@/shared/shell/navigation'

const holding =
  (...permissions: string[]) =>
  (permission: string | undefined) =>
    !permission || permissions.includes(permission)

describe('navigation by permission', () => {
  it('shows an auditor the audit and nothing of administration', () => {
    const groups = visibleNavigation(holding('audit.read', 'policy.read'))
    expect(groups.map((group) => [group.key, group.entries.map((entry) => entry.key)])).toEqual([
      ['governance', ['rules', 'changes', 'audit']],
    ])
  })

  it('leads each person to the first page they may open', () => {
    expect(homeOf(holding('deadline.read', 'audit.read'))).toBe('/duty/board')
    expect(homeOf(holding('deadline.read', 'audit.read'), '/oversight/audit')).toBe('/oversight/audit')
    expect(homeOf(holding('deadline.read'), '/oversight/audit')).toBe('/duty/board')
    expect(homeOf(holding('user.read'))).toBe('/people/users')
    expect(homeOf(holding())).toBe('/account')
  })

  it('asks of an entry what its page asks', () => {
    for (const entry of NAVIGATION.flatMap((group) => group.entries)) {
      const page = router.resolve(entry.to)
      expect(page.name, entry.to).not.toBe('not-found')
      expect(page.meta.permission, entry.to).toBe(entry.permission)
      expect(Object.keys(zh.nav), entry.key).toContain(entry.key)
    }
  })
})
