import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { REFUSALS } from "../../src/core/outcome.ts"
import type { RequestContext } from "../../src/http/context.ts"
import { Responses } from "../../src/http/responses.ts"
import { routes } from "../../src/http/server.ts"
import { PAGES } from "../support/http/document.ts"
import { type Schema, SchemaCheck } from "../support/http/schema-check.ts"
import { sourceDocument } from "../support/http/source-document.ts"
import { System } from "../support/system.ts"

const document = sourceDocument()
const { paths, components } = document.json

/** The only route that the server matches without the router. */
const BEFORE_ROUTER = "POST /api/v1/sales/{}/orders"

/** Every route of the server as `GET /api/v1/sales/{}`, without middleware. */
function served(): Set<string> {
  const context = {
    responses: new Responses("node-1"),
    authenticator: {},
    saleCache: {},
    inventory: {},
    nodes: {},
  } as unknown as RequestContext
  const known = routes(context, "/nowhere").routes.filter(({ method }) => method !== "ALL")
  return new Set([BEFORE_ROUTER, ...known.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, "{}")}`)])
}

test("the document has every route of the server, and no other", () => {
  const documented = document.operations.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`)
  const api = [...served()].filter(route => !PAGES.test(route.replace(/^\w+ /, "").replace("{}", "x")))
  expect(documented.sort()).toEqual(api.sort())
})

describe("the document", () => {
  test("is OpenAPI 3.1, and every reference in it resolves", () => {
    expect(document.json).toMatchObject({ openapi: "3.1.0", info: { title: "Doorbuster" } })
    const check = new SchemaCheck(components.schemas, false)
    const references = [...JSON.stringify(document.json).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference]) => reference!,
    )
    expect(references.length).toBeGreaterThan(30)
    for (const reference of references) expect(check.resolve(reference)).toBeObject()
  })

  test("has each operation once, with its path parameters, security and responses", () => {
    const { operations } = document
    const { securitySchemes } = components as unknown as { securitySchemes: object }
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    for (const { path, parameters, security, responses } of operations) {
      const inPath = parameters.filter(parameter => parameter.in === "path").map(({ name }) => `{${name}}`)
      expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? [])
      for (const scheme of security.flatMap(Object.keys)) expect(Object.keys(securitySchemes)).toContain(scheme)
      expect(Object.keys(responses).some(status => /^2|^303/.test(status))).toBe(true)
      for (const response of Object.values(responses))
        expect(response).toMatchObject({ description: expect.stringMatching(/./) })
    }
  })

  test("allows no unknown field in requests", () => {
    for (const operation of document.operations) {
      const schema = document.bodySchema(operation)
      if (schema) expect(new SchemaCheck(components.schemas, false).faultOf({ nonsense: 1 }, schema)).toBeString()
    }
  })

  test("uses only JSON Schema that the checks of these tests understand", () => {
    const check = new SchemaCheck(components.schemas as Record<string, Schema>, true)
    for (const schema of Object.values(components.schemas)) {
      for (const value of [{}, [], "", 0, null, true]) check.faultOf(value, schema)
    }
    expect(Object.keys(paths).length).toBeGreaterThan(15)
  })
})

describe("as it is served", () => {
  let system: System
  beforeAll(async () => {
    system = await System.start({ env: { REPLICAS: "1" } })
  }, 30_000)
  afterAll(() => system.stop())

  test("/openapi.json is the document that is tested here", async () => {
    expect((await (await system.request("/openapi.json")).json()) as object).toEqual(document.json)
  })

  test("every route of the document answers", async () => {
    for (const { method, path } of document.operations) {
      const response = await system.request(path.replace(/\{\w+\}/g, "A3-0000"), { method })
      expect(await response.text()).not.toContain('"not_found"')
      expect(response.headers.get("x-served-by")).toBe("node-1")
    }
  })

  test("/docs shows every route and every outcome", async () => {
    const page = await (await system.request("/docs")).text()
    for (const { method, path } of document.operations) expect(page).toContain(`${method} ${path}`)
    for (const code of REFUSALS) expect(page).toContain(`id="${code}"`)
  })

  test("/docs loads nothing from other servers", async () => {
    const page = await (await system.request("/docs")).text()
    const asked = [...page.matchAll(/\b(?:src|href|action|srcset|poster)="([^"]*)"/g)].map(([, target]) => target!)
    expect(asked.length).toBeGreaterThan(0)
    for (const target of asked) {
      expect(target).toMatch(/^[/#](?!\/)/)
      expect((await system.request(target)).status).toBe(200)
    }
    expect(page).not.toMatch(/<(script|iframe|img|object|embed|base)\b/i)
    const css = await (await system.request("/docs.css")).text()
    expect(page + css).not.toMatch(/@import|url\(/)
  })
})
