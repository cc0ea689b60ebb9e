import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import type { Credential, CredentialList, MadeCredential, Role } from "../../../wire/wire.ts"
import { adminRequest, errorOf } from "../data/admin-request.ts"
import { dialogRequest } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Field } from "./fields.tsx"

const PATH = "/credentials"
const ROLES: Role[] = ["viewer", "operator", "owner"]

/** Lists, makes and revokes operators. It also lists and revokes the backends of shops. Only an owner can open it. */
export function OperatorsDialog() {
  const say = words.value
  const box = useRef<HTMLDialogElement>(null)
  const all = useSignal<readonly Credential[]>([])
  const made = useSignal<MadeCredential | undefined>(undefined)
  const message = useSignal("")
  const busy = useSignal(false)
  const name = useSignal("")
  const role = useSignal<Role>("viewer")

  /** Sends one request at a time, and shows why it failed. */
  const send = async <T,>(path: string, options: Parameters<typeof adminRequest>[1] = {}): Promise<T | undefined> => {
    if (busy.value) return undefined
    busy.value = true
    const response = await adminRequest<T>(path, options)
    busy.value = false
    message.value = errorOf(response)?.message ?? ""
    return message.value === "" ? response.body : undefined
  }
  const read = async () => {
    all.value = (await send<CredentialList>(PATH))?.credentials ?? all.value
  }
  const add = async () => {
    const json = { name: name.value.trim(), role: role.value }
    const body = await send<MadeCredential>(PATH, { method: "POST", json })
    if (!body) return
    made.value = body
    name.value = ""
    await read()
  }
  const revoke = async (one: Credential) => {
    const body = await send<CredentialList>(`${PATH}/${encodeURIComponent(one.name)}`, { method: "DELETE" })
    if (!body) return
    all.value = body.credentials
    if (made.value?.name === one.name) made.value = undefined
  }
  useEffect(() => {
    box.current?.showModal()
    void read()
  }, [])
  const close = () => {
    dialogRequest.value = undefined
  }
  return (
    <dialog ref={box} onClose={close} aria-labelledby="dialog-title">
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          void add()
        }}
      >
        <h2 id="dialog-title">{say.operators}</h2>
        <p class="soft">{say.operatorsText}</p>
        <ul data-testid="operators">
          {all.value.map(one => (
            <li key={one.name}>
              {`${one.name}: ${one.role ? say.roles[one.role] : (one.scopes ?? []).join(" ")} `}
              <button type="button" aria-disabled={busy.value} onClick={() => revoke(one)}>
                {say.revoke(one.name)}
              </button>
            </li>
          ))}
        </ul>
        <Field path="name" label={say.operatorName} value={name.value} onValue={text => (name.value = text)} />
        <Field
          path="role"
          label={say.role}
          value={role.value}
          options={ROLES.map(one => [one, say.roles[one]] as const)}
          onValue={text => (role.value = text as Role)}
        />
        {made.value && (
          <p role="status">
            {say.tokenOnce(made.value.name)} <code data-testid="made-token">{made.value.token}</code>
          </p>
        )}
        <p class="denied" role="alert">
          {message}
        </p>
        <div class="buttons">
          <button type="button" onClick={close}>
            {say.dismiss}
          </button>
          <button type="submit" class="primary" disabled={name.value.trim() === ""} aria-disabled={busy.value}>
            {say.addOperator}
          </button>
        </div>
      </form>
    </dialog>
  )
}
