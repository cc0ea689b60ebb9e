import { beforeAll, describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { LIMITS } from "../../deploy/nginx/render.ts"
import { type ComposeFile, composeFile, ROOT, type Service, textOf } from "../support/compose-file.ts"

const file: ComposeFile = await composeFile()
const services = Object.entries(file.services)
const long = services.filter(([name]) => !["secrets", "bots"].includes(name))
let text: string

beforeAll(async () => {
  text = await textOf("compose.yaml")
})

test("the stack is what the README says", () => {
  const always = services.filter(([, { profiles }]) => !profiles).map(([name]) => name)
  expect(always.sort()).toEqual(
    ["grafana", "nginx", "postgres", "prometheus", "secrets", "valkey", "web", "worker"].sort(),
  )
  expect(file.services.web!.deploy).toEqual({ replicas: 3 })
  expect(file.services.bots!.profiles).toEqual(["bots"])
  expect(file.services.heal!.profiles).toEqual(["heal"])
})

describe.each(services)("%s", (_, service: Service) => {
  test("may do as little as it can", () => {
    expect(service.cap_drop).toEqual(["ALL"])
    expect(service.cap_add).toBeUndefined()
    expect(service.privileged).toBeUndefined()
    expect(service.security_opt).toEqual(["no-new-privileges:true"])
    expect(service.read_only).toBe(true)
  })

  test("can take no more of the machine than its share", () => {
    expect(service.mem_limit).toMatch(/^\d+m$/)
    expect(Number.parseInt(service.mem_limit!, 10)).toBeLessThanOrEqual(512)
    expect(service.pids_limit).toBeGreaterThan(0)
  })

  test("is of a named version, or built here and never looked for elsewhere", () => {
    if (service.image.includes("DOORBUSTER_IMAGE")) {
      expect(service.image).toBe("$" + "{DOORBUSTER_IMAGE:-doorbuster}")
      expect(service.build ?? (service as { pull_policy?: string }).pull_policy).toBeDefined()
      return
    }
    expect(service.image).toMatch(/^[a-z/]+:v?\d+(\.\d+)*(-alpine)?$/)
    expect(service.build).toBeUndefined()
  })
})

test.each(long)("%s is started again, and says how it is", (name, { restart, healthcheck }) => {
  expect(restart).toBe("unless-stopped")
  if (name === "heal") return
  expect(healthcheck!.test.length).toBeGreaterThan(1)
  expect(healthcheck!.retries).toBeGreaterThan(1)
})

test("who needs another waits until it is well", () => {
  for (const name of ["web", "worker"]) {
    expect(file.services[name]!.depends_on).toEqual({
      secrets: { condition: "service_completed_successfully" },
      valkey: { condition: "service_healthy" },
      postgres: { condition: "service_healthy" },
    })
  }
  expect(file.services.nginx!.depends_on).toEqual({ web: { condition: "service_healthy" } })
  for (const name of ["valkey", "postgres"]) {
    expect(file.services[name]!.depends_on!.secrets).toEqual({ condition: "service_completed_successfully" })
  }
})

test("only the shop is published to others", () => {
  const published = services.flatMap(([name, { ports = [] }]) => ports.map(port => `${name} ${port}`))
  const toAll = published.filter(port => !port.includes(" 127.0.0.1:"))
  expect(toAll.length).toBe(1)
  expect(toAll[0]).toMatch(/^nginx .*PORT:-80\}:8080$/)
  expect(published.length).toBe(4)
})

test("the stores are out of everyone's reach", () => {
  expect(file.networks.stores).toEqual({ internal: true })
  const near = services.filter(([, { networks = [] }]) => networks.includes("stores")).map(([name]) => name)
  expect(near.sort()).toEqual(["postgres", "valkey", "web", "worker"])
  expect(file.services.valkey!.networks).toEqual(["stores"])
  expect(file.services.postgres!.networks).toEqual(["stores"])
  expect(file.services.heal!.network_mode).toBe("none")
  expect(file.services.secrets!.network_mode).toBe("none")
})

test("only who heals has the engine's socket", () => {
  const holders = services.filter(([, { volumes = [] }]) => volumes.some(volume => volume.includes("docker.sock")))
  expect(holders.map(([name]) => name)).toEqual(["heal"])
})

test("no secret stands here, and none has a default", () => {
  const settings = services.flatMap(([name, { environment = {} }]) =>
    Object.entries(environment).map(([setting, value]) => [`${name} ${setting}`, value] as const),
  )
  const secret = settings.filter(([setting]) => /(PASSWORD|SECRET|TOKEN)$/.test(setting))
  expect(secret.length).toBe(5)
  for (const [setting, value] of secret) {
    expect([setting, value]).toEqual([setting, `\${${setting.split(" ")[1]}:-}`])
  }
  const files = settings.filter(([setting]) => /(PASSWORD|SECRET|TOKEN)_+FILE$/.test(setting))
  expect(files.every(([, value]) => value.startsWith("/secrets/"))).toBe(true)
  expect(text).not.toMatch(/POSTGRES_HOST_AUTH_METHOD|--requirepass|trust/)
})

test("each secret is mounted where it is read, for reading only, and nowhere else", () => {
  const readers = (volume: string) =>
    services
      .filter(([, { volumes = [] }]) => volumes.some(mount => mount.startsWith(`${volume}:`) && mount.endsWith(":ro")))
      .map(([name]) => name)
      .sort()
  expect(readers("app-secrets")).toEqual(["web", "worker"])
  expect(readers("store-secrets")).toEqual(["valkey", "web", "worker"])
  expect(readers("ledger-secrets")).toEqual(["postgres", "web", "worker"])
  expect(readers("grafana-secrets")).toEqual(["grafana"])
  const writers = services.filter(([, { volumes = [] }]) => volumes.some(mount => /-secrets:[^:]+$/.test(mount)))
  expect(writers.map(([name]) => name)).toEqual(["secrets"])
})

test("whatever is kept is in a named volume", () => {
  expect(file.services.postgres!.volumes).toContain("postgres:/var/lib/postgresql")
  expect(file.services.valkey!.volumes).toContain("valkey:/data")
  const named = services.flatMap(([, { volumes = [] }]) => volumes.map(mount => mount.split(":")[0]!))
  for (const name of named.filter(name => /^[a-z]/.test(name))) expect(file.volumes).toHaveProperty(name)
})

test("the store's settings are those that correctness needs, and its memory has an end below the container's", async () => {
  const settings = new Map(
    (await textOf("deploy/valkey/valkey.conf")).matchAll(/^([a-z-]+) (.+)$/gm).map(([, a, b]) => [a, b]),
  )
  expect(settings.get("appendonly")).toBe("yes")
  expect(settings.get("appendfsync")).toBe("always")
  expect(settings.get("no-appendfsync-on-rewrite")).toBe("no")
  expect(settings.get("maxmemory-policy")).toBe("noeviction")
  const limit = Number.parseInt(file.services.valkey!.mem_limit!, 10)
  expect(Number.parseInt(settings.get("maxmemory")!, 10)).toBeLessThan(0.7 * limit)
})

test("nginx has the same limits here as where the tests start it", () => {
  const environment = file.services.nginx!.environment!
  for (const [name, value] of Object.entries(LIMITS)) expect(environment[name]).toBe(`\${${name}:-${value}}`)
})

test("everything that is mounted from here is here", () => {
  const mounts = services.flatMap(([, { volumes = [] }]) => volumes.filter(mount => mount.startsWith("./")))
  expect(mounts.length).toBeGreaterThan(5)
  for (const mount of mounts) expect([mount, existsSync(join(ROOT, mount.split(":")[0]!))]).toEqual([mount, true])
})

describe("the image", () => {
  test("is of named versions, built from the lock file, and runs as nobody in particular", async () => {
    const lines = (await textOf("Dockerfile")).split("\n")
    const bases = lines.filter(line => line.startsWith("FROM ")).map(line => line.split(" ")[1]!)
    for (const base of bases) expect(base).toMatch(/^[a-z]+:\d+-slim$/)
    expect(lines.some(line => /^RUN npm ci --omit=dev/.test(line))).toBe(true)
    expect(lines.findLast(line => line.startsWith("USER "))).toBe("USER 10001:10001")
    expect(lines.filter(line => /^#\s*syntax=/.test(line))).toEqual([])
  })

  test("is given what it is made of, and nothing else", async () => {
    const lines = (await textOf(".dockerignore")).split("\n").filter(line => line && !line.startsWith("#"))
    expect(lines[0]).toBe("*")
    expect(lines.slice(1).every(line => line.startsWith("!"))).toBe(true)
    expect(lines.filter(line => /env|data|git|node_modules/.test(line))).toEqual([])
  })
})
