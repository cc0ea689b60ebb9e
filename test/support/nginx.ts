import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Limits, renderNginx, type TlsFiles } from "../../deploy/nginx/render.ts"
import { eventually } from "./eventually.ts"
import { NGINX } from "./programs.ts"
import { freePort } from "./system.ts"

export interface NginxSetup {
  /** The replicas' ports. */
  upstreams: number[]
  /** Their operators' ports, where those are separate. */
  operatorsUpstreams?: number[] | undefined
  limits?: Partial<Limits>
  tls?: TlsFiles
  /** Networks of proxies whose X-Forwarded-For is believed. */
  realIpFrom?: string[]
  port?: number
  /** Takes what the configuration refuses. */
  refusesNothing?: true
}

/** The machine's nginx with the project's configuration, in front of replicas on fixed ports. */
export class Nginx {
  private constructor(
    readonly port: number,
    readonly operatorsPort: number,
    private readonly folder: string,
    private readonly child: Bun.Subprocess,
  ) {}

  static async start({
    upstreams,
    operatorsUpstreams,
    limits,
    tls,
    realIpFrom,
    port,
    refusesNothing,
  }: NginxSetup): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), "doorbuster-nginx-"))
    const ports = { port: port ?? (await freePort()), operatorsPort: await freePort() }
    const file = renderNginx({
      folder,
      ...ports,
      upstreams,
      ...(operatorsUpstreams && { operatorsUpstreams }),
      ...(limits && { limits }),
      ...(tls && { tls }),
      ...(realIpFrom && { realIpFrom }),
    })
    if (refusesNothing) writeFileSync(join(folder, "snippets/refusals.conf"), "")
    const child = Bun.spawn([NGINX.path, "-c", file], { stdio: ["ignore", "ignore", "ignore"] })
    const nginx = new Nginx(ports.port, ports.operatorsPort, folder, child)
    try {
      await eventually("nginx listens", async () => {
        if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}:\n${nginx.log}`)
        // nginx answers this path itself, so it works without replicas.
        const answer = await fetch(`${nginx.url}/nothing`, { redirect: "manual" }).catch(() => undefined)
        return answer?.status === (tls ? 308 : 404)
      })
    } catch (error) {
      await nginx.stop()
      throw error
    }
    return nginx
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The operators' port, which serves everything. */
  get operatorsUrl(): string {
    return `http://127.0.0.1:${this.operatorsPort}`
  }

  get pid(): number {
    return this.child.pid
  }

  /** nginx's error log. */
  get log(): string {
    return readFileSync(join(this.folder, "nginx.log"), "utf8")
  }

  async stop(): Promise<void> {
    this.child.kill("SIGTERM")
    await this.child.exited
    rmSync(this.folder, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
