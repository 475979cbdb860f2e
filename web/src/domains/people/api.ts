import type { TableQuery } from '@/api/client'
import { http } from '@/api/http'
import type { Page } from '@/api/types/common'
import type {
  NewPassword,
  OwnNumbers,
  RoleTable,
  Unit,
  UnitInput,
  UnitNode,
  User,
  UserInput,
} from '@/api/types/people'

export type UserVerb = 'disable' | 'enable' | 'unlock' | 'reset-factors'

/** Units, users and roles. */
export const people = {
  units: (query: TableQuery, signal?: AbortSignal) => http.get<Page<Unit>>('/api/units', query, signal),
  tree: () => http.get<UnitNode[]>('/api/units/tree'),
  unit: (id: string) => http.get<Unit>(`/api/units/${id}`),
  createUnit: (values: UnitInput) => http.post<Unit>('/api/units', values),
  updateUnit: (id: string, values: Partial<UnitInput> & { version: number }) =>
    http.patch<Unit>(`/api/units/${id}`, values),
  users: (query: TableQuery, signal?: AbortSignal) => http.get<Page<User>>('/api/users', query, signal),
  user: (id: string) => http.get<User>(`/api/users/${id}`),
  createUser: (values: UserInput) => http.post<NewPassword>('/api/users', values),
  updateUser: (id: string, values: Partial<UserInput> & { version: number }) =>
    http.patch<User>(`/api/users/${id}`, values),
  actOnUser: (user: Pick<User, 'id' | 'version'>, verb: UserVerb) =>
    http.post<User>(`/api/users/${user.id}/${verb}`, { version: user.version }),
  resetPassword: (user: Pick<User, 'id' | 'version'>) =>
    http.post<NewPassword>(`/api/users/${user.id}/reset-password`, { version: user.version }),
  ownNumbers: () => http.get<OwnNumbers>('/api/auth/numbers'),
  setWorkPhone: (version: number, work_phone: string) =>
    http.put<OwnNumbers>('/api/auth/numbers', { version, work_phone }),
  roles: () => http.get<RoleTable>('/api/roles'),
}
