import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ROOT } from "../support/compose-file.ts"
import { eventually } from "../support/eventually.ts"

/** A Docker engine with these containers, which records the requests it gets. */
let folder: string
let socket: string
let asked: string[]
let containers: object[]
let isAway: boolean
let engine: Bun.Server<undefined>
let healer: Bun.Subprocess<"ignore", "pipe", "pipe">

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doorbuster-heal-"))
  socket = join(folder, "docker.sock")
  asked = []
  containers = []
  isAway = false
  engine = Bun.serve({
    unix: socket,
    fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      asked.push(`${request.method} ${pathname} ${searchParams.get("filters") ?? ""}`.trim())
      if (isAway) return new Response('{"message":"away"}', { status: 500 })
      if (request.method === "GET") return Response.json(containers)
      containers = []
      return new Response(null, { status: 204 })
    },
  })
  healer = Bun.spawn([process.execPath, "deploy/heal/heal.ts"], {
    cwd: ROOT,
    env: { DOCKER_SOCKET: socket, HEAL_PROJECT: "launch" },
    stdio: ["ignore", "pipe", "pipe"],
  })
})
afterEach(async () => {
  healer.kill("SIGKILL")
  await healer.exited
  await engine.stop(true)
  rmSync(folder, { recursive: true, force: true })
})

function container(id: string, service: string, status: string): object {
  return {
    Id: id,
    Names: [`/launch-${service}-1`],
    Status: status,
    Labels: { "com.docker.compose.service": service },
  }
}

const looks = () => asked.filter(line => line.startsWith("GET")).length
const starts = () => asked.filter(line => line.startsWith("POST"))

test("killed replicas and workers are started, no other container is, and no other request is sent", async () => {
  containers = [
    container("killed", "web", "Exited (137) 1 second ago"),
    container("killed-too", "worker", "Exited (137) 1 second ago"),
    container("stopped", "web", "Exited (0) 1 second ago"),
    container("crashed", "web", "Exited (1) 1 second ago"),
    container("ended", "web", "Exited (143) 1 second ago"),
    container("store", "valkey", "Exited (137) 1 second ago"),
  ]
  await eventually("both are started", () => starts().length === 2)
  const before = looks()
  await eventually("it looks on", () => looks() > before + 2)
  expect(starts()).toEqual(["POST /containers/killed/start", "POST /containers/killed-too/start"])
  const filters = `{"label":["com.docker.compose.project=launch"],"status":["exited"]}`
  expect(new Set(asked.filter(line => line.startsWith("GET")))).toEqual(new Set([`GET /containers/json ${filters}`]))
})

test("when the engine fails for a while, healing retries and logs the error once", async () => {
  isAway = true
  await eventually("it asks several times", () => looks() > 3)
  isAway = false
  containers = [container("killed", "web", "Exited (137) 1 second ago")]
  await eventually("the replica is started", () => starts().length === 1)
  healer.kill("SIGTERM")
  expect(await healer.exited).toBe(0)
  const said = (await new Response(healer.stdout).text()).trim().split("\n")
  expect(said.length).toBe(2)
  expect(said[0]).toContain("The engine answered 500")
  expect(said[1]).toContain("started launch-web-1")
})

test("healing refuses to start without a project", async () => {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "deploy/heal/heal.ts"], {
    cwd: ROOT,
    env: { DOCKER_SOCKET: socket },
  })
  expect(exitCode).toBe(1)
  expect(stderr.toString()).toContain("HEAL_PROJECT")
})
