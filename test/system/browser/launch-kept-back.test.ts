import { expect } from "bun:test"
import { createServer, request, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { browserTest, inBrowser, textOf, visiting } from "../../support/browser/visit.ts"
import { System } from "../../support/system.ts"
import { tokenOf } from "../../support/token.ts"

/** A system behind a proxy that lets the first event of a stream through and keeps the others back, as some do by default. */
class KeptBack {
  private constructor(
    readonly system: System,
    private readonly proxy: Server,
  ) {}

  static async start(): Promise<KeptBack> {
    const system = await System.start({ env: { REPLICAS: "1" } })
    const proxy = createServer((asked, response) => {
      const { method, url, headers } = asked
      const passed = request({ port: system.port, host: "127.0.0.1", method, path: url, headers }, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        if (!url?.endsWith("/live")) return answer.pipe(response)
        return answer.once("data", first => response.write(first))
      })
      response.on("close", () => passed.destroy())
      passed.on("error", () => response.destroy())
      asked.pipe(passed)
    })
    await new Promise<void>(resolve => proxy.listen(0, "127.0.0.1", resolve))
    return new KeptBack(system, proxy)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.proxy.closeAllConnections()
    this.proxy.close()
    await this.system.stop()
  }
}

const visit = visiting(() => KeptBack.start(), inBrowser)

browserTest(
  "given a proxy that keeps events back after the first, the page still shows that the sale sold out",
  async () => {
    const { system } = visit.system
    await system.createSale("hall", { total: 3 })
    const page = await visit.open("/sales/hall")
    expect(await textOf(page.getByText("3 left").first())).toContain("3 left")
    for (const buyer of ["ann", "bob"]) await system.buy("hall", tokenOf(buyer), "k")
    await page.getByText("1 left").first().waitFor()
    await system.buy("hall", tokenOf("cid"), "k")
    await page.getByText("3 left").waitFor({ state: "detached" })
    await page.getByText("1 left").waitFor({ state: "detached" })
    expect(
      ((await (await fetch(`${visit.system.url}/api/v1/sales/hall`)).json()) as { items: { free: number }[] }).items[0]
        ?.free,
    ).toBe(0)
  },
)
