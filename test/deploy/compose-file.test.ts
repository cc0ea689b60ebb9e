import { beforeAll, describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { LIMITS } from "../../deploy/nginx/render.ts"
import { type ComposeFile, composeFile, ROOT, type Service, textOf } from "../support/compose-file.ts"

const file: ComposeFile = await composeFile()
const services = Object.entries(file.services)
const long = services.filter(([name]) => !["secrets", "ready", "bots"].includes(name))
let text: string

beforeAll(async () => {
  text = await textOf("compose.yaml")
})

test("compose.yaml has the services that the README lists", () => {
  const always = services.filter(([, { profiles }]) => !profiles).map(([name]) => name)
  expect(always.sort()).toEqual(
    ["grafana", "nginx", "postgres", "prometheus", "ready", "secrets", "valkey", "web", "worker"].sort(),
  )
  expect(file.services.web!.deploy).toEqual({ replicas: 3 })
  expect(file.services.bots!.profiles).toEqual(["bots"])
  expect(file.services.heal!.profiles).toEqual(["heal"])
})

describe.each(services)("%s", (_, service: Service) => {
  test("has no capabilities and a read-only file system", () => {
    expect(service.cap_drop).toEqual(["ALL"])
    expect(service.cap_add).toBeUndefined()
    expect(service.privileged).toBeUndefined()
    expect(service.security_opt).toEqual(["no-new-privileges:true"])
    expect(service.read_only).toBe(true)
  })

  test("has limits for memory and processes", () => {
    expect(service.mem_limit).toMatch(/^\d+m$/)
    expect(Number.parseInt(service.mem_limit!, 10)).toBeLessThanOrEqual(512)
    expect(service.pids_limit).toBeGreaterThan(0)
  })

  test("uses an image with a fixed version, or one that is built locally and never pulled", () => {
    if (service.image.includes("DOORBUSTER_IMAGE")) {
      expect(service.image).toBe("$" + "{DOORBUSTER_IMAGE:-doorbuster}")
      expect(service.build ?? (service as { pull_policy?: string }).pull_policy).toBeDefined()
      return
    }
    expect(service.image).toMatch(/^[a-z/]+:v?\d+(\.\d+)*(-alpine)?$/)
    expect(service.build).toBeUndefined()
  })
})

test.each(long)("%s restarts by itself and has a health check", (name, { restart, healthcheck }) => {
  expect(restart).toBe("unless-stopped")
  if (name === "heal") return
  expect(healthcheck!.test.length).toBeGreaterThan(1)
  expect(healthcheck!.retries).toBeGreaterThan(1)
})

test("each service waits for what it cannot start without, and for no store that may be slow or away", () => {
  for (const name of ["web", "worker"]) {
    expect(file.services[name]!.depends_on).toEqual({
      secrets: { condition: "service_completed_successfully" },
      valkey: { condition: "service_started" },
      postgres: { condition: "service_started" },
    })
  }
  expect(file.services.nginx!.depends_on).toEqual({ ready: { condition: "service_completed_successfully" } })
  expect(file.services.ready!.depends_on).toEqual({ web: { condition: "service_started" } })
  for (const name of ["valkey", "postgres"]) {
    expect(file.services[name]!.depends_on!.secrets).toEqual({ condition: "service_completed_successfully" })
  }
})

test("only the shop's port is reachable from other machines", () => {
  const published = services.flatMap(([name, { ports = [] }]) => ports.map(port => `${name} ${port}`))
  const toAll = published.filter(port => !port.includes(" 127.0.0.1:"))
  expect(toAll.length).toBe(1)
  expect(toAll[0]).toMatch(/^nginx .*PORT:-80\}:8080$/)
  expect(published.length).toBe(4)
})

test("the stores are on an internal network with the replicas and the worker only", () => {
  expect(file.networks.stores).toEqual({ internal: true })
  const connected = services.filter(([, { networks = [] }]) => networks.includes("stores")).map(([name]) => name)
  expect(connected.sort()).toEqual(["postgres", "valkey", "web", "worker"])
  expect(file.services.valkey!.networks).toEqual(["stores"])
  expect(file.services.postgres!.networks).toEqual(["stores"])
  expect(file.services.heal!.network_mode).toBe("none")
  expect(file.services.secrets!.network_mode).toBe("none")
})

test("only the heal service mounts Docker's socket", () => {
  const holders = services.filter(([, { volumes = [] }]) => volumes.some(volume => volume.includes("docker.sock")))
  expect(holders.map(([name]) => name)).toEqual(["heal"])
})

test("compose.yaml contains no secret and no default for one", () => {
  const settings = services.flatMap(([name, { environment = {} }]) =>
    Object.entries(environment).map(([setting, value]) => [`${name} ${setting}`, value] as const),
  )
  const secret = settings.filter(([setting]) => /(PASSWORD|SECRET|TOKEN)$/.test(setting))
  expect(secret.length).toBe(8)
  for (const [setting, value] of secret) {
    expect([setting, value]).toEqual([setting, `\${${setting.split(" ")[1]}:-}`])
  }
  const files = settings.filter(([setting]) => /(PASSWORD|SECRET|TOKEN)_+FILE$/.test(setting))
  expect(files.every(([, value]) => value.startsWith("/secrets/"))).toBe(true)
  expect(text).not.toMatch(/POSTGRES_HOST_AUTH_METHOD|--requirepass|trust/)
})

test("each secret is mounted read-only, and only where it is used", () => {
  const readers = (volume: string) =>
    services
      .filter(([, { volumes = [] }]) => volumes.some(mount => mount.startsWith(`${volume}:`) && mount.endsWith(":ro")))
      .map(([name]) => name)
      .sort()
  expect(readers("app-secrets")).toEqual(["web", "worker"])
  expect(readers("store-secrets")).toEqual(["valkey", "web", "worker"])
  expect(readers("store-admin-secrets")).toEqual(["valkey"])
  expect(readers("ledger-secrets")).toEqual(["postgres", "web", "worker"])
  expect(readers("grafana-secrets")).toEqual(["grafana"])
  const writers = services.filter(([, { volumes = [] }]) => volumes.some(mount => /-secrets:[^:]+$/.test(mount)))
  expect(writers.map(([name]) => name)).toEqual(["secrets"])
})

test("all persistent data is in named volumes", () => {
  expect(file.services.postgres!.volumes).toContain("postgres:/var/lib/postgresql")
  expect(file.services.valkey!.volumes).toContain("valkey:/data")
  const named = services.flatMap(([, { volumes = [] }]) => volumes.map(mount => mount.split(":")[0]!))
  for (const name of named.filter(name => /^[a-z]/.test(name))) expect(file.volumes).toHaveProperty(name)
})

test("Valkey has the settings that correctness needs and a memory limit below its container's", async () => {
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

test("nginx has the same limits in compose.yaml as in the tests", () => {
  const environment = file.services.nginx!.environment!
  for (const [name, value] of Object.entries(LIMITS)) expect(environment[name]).toBe(`\${${name}:-${value}}`)
})

test("the head of compose.yaml names every setting that .env may have", () => {
  const [head = ""] = text.split("name: doorbuster")
  const named = head.match(/[A-Z_]{4,}\*?/g) ?? []
  const used = [...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = ""]) => name)
  const isNamed = (name: string) =>
    named.some(one => one === name || (one.endsWith("*") && name.startsWith(one.slice(0, -1))))
  // Compose itself sets the project's name.
  expect(used.filter(name => !isNamed(name) && name !== "COMPOSE_PROJECT_NAME")).toEqual([])
  expect(used).toContain("STREAMS_MAX")
})

test("every mounted file exists in the repository", () => {
  const mounts = services.flatMap(([, { volumes = [] }]) => volumes.filter(mount => mount.startsWith("./")))
  expect(mounts.length).toBeGreaterThan(5)
  for (const mount of mounts) expect([mount, existsSync(join(ROOT, mount.split(":")[0]!))]).toEqual([mount, true])
})

describe("the image", () => {
  test("has fixed base versions, installs from the lock file, and runs without root rights", async () => {
    const lines = (await textOf("Dockerfile")).split("\n")
    const bases = lines.filter(line => line.startsWith("FROM ")).map(line => line.split(" ")[1]!)
    for (const base of bases) expect(base).toMatch(/^[a-z]+:\d+-slim$/)
    expect(lines.some(line => /^RUN npm ci --omit=dev/.test(line))).toBe(true)
    expect(lines.findLast(line => line.startsWith("USER "))).toBe("USER 10001:10001")
    expect(lines.filter(line => /^#\s*syntax=/.test(line))).toEqual([])
  })

  test("gets only the files that .dockerignore allows", async () => {
    const lines = (await textOf(".dockerignore")).split("\n").filter(line => line && !line.startsWith("#"))
    expect(lines[0]).toBe("*")
    expect(lines.slice(1).every(line => line.startsWith("!"))).toBe(true)
    expect(lines.filter(line => /env|data|git|node_modules/.test(line))).toEqual([])
  })
})
