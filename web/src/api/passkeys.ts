import { http } from './http'
import type { SignIn } from './types/auth'

/** Passkeys speak bytes; the wire speaks base64url. */
export function toBase64Url(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

export function fromBase64Url(text: string): ArrayBuffer {
  const padded = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .padEnd(Math.ceil(text.length / 4) * 4, '=')
  return Uint8Array.from(atob(padded), (char) => char.charCodeAt(0)).buffer
}

interface Descriptor {
  id: string
  type: 'public-key'
  transports?: AuthenticatorTransport[]
}

interface RequestOptions extends Omit<PublicKeyCredentialRequestOptions, 'challenge' | 'allowCredentials'> {
  challenge: string
  allowCredentials?: Descriptor[]
}

interface CreationOptions extends Omit<
  PublicKeyCredentialCreationOptions,
  'challenge' | 'user' | 'excludeCredentials'
> {
  challenge: string
  user: { id: string; name: string; displayName: string }
  excludeCredentials?: Descriptor[]
}

/** Whether this browser can hold or use a passkey here. */
export function passkeysSupported(): boolean {
  return window.isSecureContext && 'PublicKeyCredential' in window
}

function bytesOf(descriptors: Descriptor[] | undefined): PublicKeyCredentialDescriptor[] | undefined {
  return descriptors?.map((one) => ({ ...one, id: fromBase64Url(one.id) }))
}

async function assertion(options: RequestOptions): Promise<Record<string, unknown>> {
  const publicKey = {
    ...options,
    challenge: fromBase64Url(options.challenge),
    allowCredentials: bytesOf(options.allowCredentials),
  }
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAssertionResponse
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    response: {
      clientDataJSON: toBase64Url(response.clientDataJSON),
      authenticatorData: toBase64Url(response.authenticatorData),
      signature: toBase64Url(response.signature),
      userHandle: response.userHandle ? toBase64Url(response.userHandle) : null,
    },
  }
}

async function attestation(options: CreationOptions): Promise<Record<string, unknown>> {
  const publicKey = {
    ...options,
    challenge: fromBase64Url(options.challenge),
    user: { ...options.user, id: fromBase64Url(options.user.id) },
    excludeCredentials: bytesOf(options.excludeCredentials),
  }
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAttestationResponse
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    response: {
      clientDataJSON: toBase64Url(response.clientDataJSON),
      attestationObject: toBase64Url(response.attestationObject),
      transports: response.getTransports(),
    },
  }
}

/** Signs in with a passkey of this device or a key at hand. */
export async function signInWithPasskey(): Promise<SignIn> {
  const options = await http.post<RequestOptions>('/api/auth/passkeys/login/begin')
  return http.post<SignIn>('/api/auth/passkeys/login/finish', { credential: await assertion(options) })
}

/** Registers a new passkey under a name its owner will recognise. */
export async function registerPasskey(name: string): Promise<void> {
  const options = await http.post<CreationOptions>('/api/auth/passkeys/register/begin')
  await http.post('/api/auth/passkeys/register/finish', { name, credential: await attestation(options) })
}
