import { http } from './http'
import type { Me, Passkey, SessionRow, SignIn, SignInOptions } from './types/auth'

/** Login, the second factor, passwords, passkeys and sessions. */
export const auth = {
  options: () => http.get<SignInOptions>('/api/auth/options'),
  me: () => http.get<Me>('/api/auth/me'),
  login: (login: string, password: string) => http.post<SignIn>('/api/auth/login', { login, password }),
  secondFactor: (code: string) => http.post<SignIn>('/api/auth/second-factor', { code }),
  logout: () => http.post<void>('/api/auth/logout'),
  changePassword: (current: string, next: string) =>
    http.post<SignIn>('/api/auth/password', { current, new: next }),
  sessions: (userId?: string) => http.get<SessionRow[]>('/api/auth/sessions', { user_id: userId }),
  revokeSession: (id: string) => http.delete(`/api/auth/sessions/${id}`),
  beginTotp: () => http.post<{ secret: string; uri: string; qr_svg: string }>('/api/auth/totp/begin'),
  confirmTotp: (code: string) => http.post<{ recovery_codes: string[] }>('/api/auth/totp/confirm', { code }),
  removeTotp: (password: string) => http.delete('/api/auth/totp', { password }),
  passkeys: () => http.get<Passkey[]>('/api/auth/passkeys'),
  removePasskey: (id: string) => http.delete(`/api/auth/passkeys/${id}`),
}
