import {
  deadlines,
  me,
  accounts,
  units,
  users,
  rolesTable,
  rules,
  changes,
  audit,
  outbox,
  preview,
} from './data.ts'

interface Answer {
  status: number
  body?: unknown
}
let signedIn = true
const ok = (body?: unknown): Answer => ({ status: body === undefined ? 204 : 200, body })
const fail = (status: number, code: string, zh: string, en: string, more: object = {}): Answer => ({
  status,
  body: {
    status,
    code,
    message: { zh, en },
    action: { zh: '请核对后重试', en: 'Check and try again' },
    fields: [],
    ...more,
  },
})

function table(rows: Record<string, any>[], url: URL): Answer {
  const q = url.searchParams.get('q') ?? ''
  let out = rows.filter((row) => !q || JSON.stringify(row).includes(q))
  for (const filter of url.searchParams.getAll('filter')) {
    const [field, op, ...rest] = filter.split(':')
    const value = rest.join(':')
    out = out.filter((row) => {
      const have = String(row[field!] ?? '')
      return op === 'in'
        ? value.split(',').includes(have)
        : op === 'like'
          ? have.includes(value)
          : op === 'ge'
            ? have >= value
            : op === 'le'
              ? have <= value
              : have === value
    })
  }
  const sort = (url.searchParams.get('sort') ?? '').split(',')[0] ?? ''
  if (sort) {
    const desc = sort.startsWith('-')
    const key = sort.replace('-', '')
    out = [...out].sort((a, b) => (a[key] < b[key] ? -1 : 1) * (desc ? -1 : 1))
  }
  const page = Number(url.searchParams.get('page') ?? 1),
    size = Number(url.searchParams.get('size') ?? 50)
  return ok({
    items: out.slice((page - 1) * size, page * size),
    total: out.length,
    total_capped: false,
    page,
    size,
  })
}

const tables: Record<string, () => Record<string, any>[]> = {
  '/api/deadlines': () => deadlines,
  '/api/units': () => units,
  '/api/users': () => users,
  '/api/policy/rules': () => rules,
  '/api/policy/changes': () => changes,
  '/api/audit': () => audit,
  '/api/outbox': () => outbox,
}

function tree(parent: string | null): any[] {
  return units.filter((u) => u.parent_id === parent).map((u) => ({ ...u, children: tree(u.id) }))
}

export function answer(method: string, url: URL, body: any): Answer {
  const path = url.pathname
  if (path === '/api/auth/options')
    return ok({
      demo: true,
      demo_accounts: accounts,
      oidc: { enabled: false, label: '统一身份认证' },
      passkeys: true,
    })
  if (path === '/api/auth/login') {
    if (body.password === 'locked')
      return fail(423, 'locked', '账号已锁定', 'The account is locked', {
        extra: { locked_until: new Date(Date.now() + 9e5).toISOString() },
      })
    if (body.password === 'wrong')
      return fail(401, 'bad_credentials', '账号或密码不正确', 'Wrong account or password')
    if (body.login === 'totp') return ok({ state: 'second_factor_needed', me: null })
    if (body.login === 'temp') return ok({ state: 'password_change_needed', me: null })
    signedIn = true
    return ok({ state: 'signed_in', me })
  }
  if (path === '/api/auth/second-factor')
    return body.code === '123456'
      ? ((signedIn = true), ok({ state: 'signed_in', me }))
      : fail(401, 'bad_code', '验证码不正确', 'Wrong code')
  if (path === '/api/auth/password') return ok({ state: 'signed_in', me })
  if (path === '/api/auth/logout') {
    signedIn = false
    return ok()
  }
  if (path === '/api/mock/expire') {
    signedIn = false
    return ok()
  }
  if (!signedIn) return fail(401, 'unauthenticated', '尚未登录或登录已失效', 'You are not signed in')
  if (path === '/api/auth/me') return ok(me)
  if (path === '/api/auth/sessions')
    return ok([
      {
        id: 's1',
        created_at: '2026-11-24T00:10:00Z',
        last_seen_at: new Date().toISOString(),
        expires_at: '2026-11-24T12:10:00Z',
        ip: '127.0.0.1',
        user_agent: 'Chromium 141',
        current: true,
      },
    ])
  if (path === '/api/auth/passkeys') return ok([])
  if (path === '/api/roles') return ok(rolesTable)
  if (path === '/api/units/tree') return ok(tree(null))
  if (path === '/api/units/names')
    return ok(units.filter((u) => u.name_en).map(({ id, name, name_en }) => ({ id, name, name_en })))
  if (path === '/api/duty/board')
    return ok({
      now: new Date().toISOString(),
      horizon_h: 48,
      capped: false,
      notices: [],
      counts: {},
      items: deadlines.filter((d) => d.state === 'running'),
    })
  if (path === '/api/search') {
    const q = url.searchParams.get('q') ?? ''
    return ok({
      groups: [
        {
          kind: 'unit',
          items: units
            .filter((u) => u.name.includes(q))
            .slice(0, 5)
            .map((u) => ({ id: u.id, label: u.name, sub: u.path, route: `/people/units?id=${u.id}` })),
        },
        {
          kind: 'user',
          items: users
            .filter((u) => u.name.includes(q))
            .slice(0, 5)
            .map((u) => ({ id: u.id, label: u.name, sub: u.login, route: `/people/users/${u.id}` })),
        },
      ],
    })
  }
  if (path === '/api/views') return ok(method === 'GET' ? [] : { id: 'v1', ...body })
  if (path.startsWith('/api/drafts/'))
    return method === 'GET' ? fail(404, 'not_found', '没有草稿', 'No draft') : ok()
  if (path === '/api/reveal/purposes')
    return ok({
      items: [
        { code: 'case', name: { zh: '办案', en: 'Case work' }, note_required: false },
        { code: 'other', name: { zh: '其他', en: 'Other' }, note_required: true },
      ],
      limit_per_hour: 60,
      used_last_hour: 3,
    })
  if (path === '/api/policy/changes/preview') return ok(preview)
  if (path === '/api/policy/units')
    return ok({ units: [{ unit: 'hour', name: { zh: '小时', en: 'hours' }, kind: 'number' }] })
  if (path === '/api/reveal') return ok({ value: '199 0000 1234', audit_id: 'a1', expires_s: 30 })
  if (path === '/api/audit/roots')
    return ok({
      items: [
        {
          day: '2026-11-23',
          hash: 'ab',
          entries: 1234,
          chains: 3,
          signed_at: new Date().toISOString(),
          late: false,
          key_fingerprint: 'aa',
          authentic: true,
        },
      ],
    })
  if (path === '/api/audit/verify')
    return ok({
      intact: body.since > '2026-11-18',
      entries: 1234,
      chains: 3,
      roots: 7,
      since: body.since,
      until: body.until,
      checked_at: new Date().toISOString(),
      faults:
        body.since > '2026-11-18'
          ? []
          : [
              {
                kind: 'altered',
                message: { zh: '第 0 链第 12 条内容被改动', en: 'Entry 12 of chain 0 was altered' },
              },
            ],
    })
  const audited = path.match(/^\/api\/audit\/(a\d+)$/)
  if (audited)
    return ok({
      entry: audit.find((one) => one.id === audited[1]),
      prev_hash: 'cd34'.repeat(16),
      alg: 'sm3',
      previous: { seq: 1, visible: true, id: 'a5', at: null, action: null },
      next: null,
      check: { intact: true, fault: null },
      root: null,
    })
  const ruled = path.match(/^\/api\/policy\/rules\/([^/]+)$/)
  if (ruled) {
    const rule = rules.find((one) => one.key === ruled[1])
    return rule
      ? ok({
          key: rule.key,
          name: rule.name,
          versions: [
            rule,
            {
              ...rule,
              id: 'old',
              status: 'past',
              effective_from: '2010-01-01',
              effective_to: '2016-03-18',
              shown: { zh: '72 小时', en: '72 hours' },
            },
          ],
          open_changes: [changes[1]],
          gaps: [],
          running_deadlines: 7,
        })
      : fail(404, 'not_found', '没有找到', 'Not found')
  }
  if (method === 'GET' && tables[path]) return table(tables[path]!(), url)
  const [, base, id, verb] = path.match(/^(\/api\/policy\/\w+|\/api\/\w+)\/([^/]+)(?:\/([\w-]+))?$/) ?? []
  const rows = base ? tables[base]?.() : undefined
  const row = rows?.find((one) => one.id === id || one.key === id)
  if (row && verb === 'acknowledge') {
    row.acknowledged_by = me.user.name
    row.acknowledged_at = new Date().toISOString()
    row.version++
    return ok(row)
  }
  if (row && method === 'PATCH') {
    if (body.version !== row.version || body.name === '冲突')
      return fail(409, 'stale_version', '这条记录刚被他人修改过', 'Somebody else changed it', {
        extra: {
          current: { ...row, short_name: '新简称', version: row.version + 1 },
          yours: body,
          changed: ['name', 'short_name'],
          version: row.version + 1,
        },
      })
    Object.assign(row, body)
    row.version++
    return ok(row)
  }
  if (row) return ok(row)
  return fail(404, 'not_found', '没有找到', 'Not found')
}
