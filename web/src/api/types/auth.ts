export interface Me {
  user: { id: string; login: string; name: string; unit: { id: string; name: string; path: string } | null }
  roles: string[]
  permissions: string[]
  /** where somebody of their role lands */
  desk: string
  csrf: string
  demo: boolean
  second_factor: { totp: boolean; passkeys: number }
  session_expires_at: string
}

export type SignInState = 'signed_in' | 'second_factor_needed' | 'password_change_needed'

export interface SignIn {
  state: SignInState
  me: Me | null
}

export interface DemoAccount {
  login: string
  password: string
  name: string
  role: string
  role_name: { zh: string; en: string }
  unit: { zh: string; en: string }
}

export interface SignInOptions {
  demo: boolean
  demo_accounts: DemoAccount[]
  oidc: { enabled: boolean; label: string }
  passkeys: boolean
}

export interface SessionRow {
  id: string
  created_at: string
  last_seen_at: string
  expires_at: string
  ip: string
  user_agent: string
  current: boolean
}

export interface Passkey {
  id: string
  name: string
  created_at: string
  last_used_at: string | null
}
