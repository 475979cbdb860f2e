import type { BilingualText } from '../problem'
import type { UnitRef } from './common'

export interface Unit {
  id: string
  parent_id: string | null
  kind: string
  code: string
  path: string
  name: string
  name_en: string
  short_name: string
  active: boolean
  version: number
}

export interface UnitNode extends Unit {
  children: UnitNode[]
}

export type UnitInput = Pick<Unit, 'name' | 'name_en' | 'short_name' | 'kind' | 'code' | 'active'> & {
  parent_id: string | null
}

export interface User {
  id: string
  login: string
  name: string
  unit: UnitRef
  scope: UnitRef | null
  roles: string[]
  state: string
  phone: string | null
  police_number: string | null
  work_phone: string | null
  not_on_orders: string[]
  second_factor: boolean
  last_login_at: string | null
  locked_until: string | null
  version: number
}

export interface UserInput {
  login: string
  name: string
  unit_id: string
  roles: string[]
  scope_unit_id?: string
  phone?: string
  police_number?: string
  work_phone?: string
}

/** One's own numbers of the service, masked; `not_on_orders`: those instructions to banks go without. */
export interface OwnNumbers {
  police_number: string | null
  work_phone: string | null
  not_on_orders: string[]
  version: number
}

export interface NewPassword {
  user: User
  temporary_password: string
}

export interface Permission {
  key: string
  name: BilingualText
  desc: BilingualText
}

export interface Role {
  key: string
  name: BilingualText
  permissions: string[]
  desk: string
}

export interface RoleTable {
  permissions: Permission[]
  roles: Role[]
}
