import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { renderNginx, type TlsFiles } from "../../../deploy/nginx/render.ts"
import { composeFile } from "../../support/compose-file.ts"
import { eventually } from "../../support/eventually.ts"
import { freePort } from "../../support/system.ts"
import { portsOf, type Replica } from "./replica.ts"

/** The image of nginx that compose.yaml names, with the project's configuration, in front of replicas of this machine. */
export class NginxContainer {
  private constructor(
    readonly port: number,
    readonly operatorsPort: number,
    private readonly folder: string,
    private readonly name: string,
  ) {}

  static async start(nodes: readonly Replica[], tls?: TlsFiles): Promise<NginxContainer> {
    const folder = mkdtempSync(join(tmpdir(), "doorbuster-nginx-"))
    const [port, operatorsPort] = [await freePort(), await freePort()]
    const file = renderNginx({ folder, port, operatorsPort, upstreams: portsOf(nodes), ...(tls && { tls }) })
    const name = `${process.env.TEST_PLACE ?? "doorbuster-test"}-nginx-${process.pid}`
    const image = (await composeFile()).services.nginx?.image ?? ""
    const run = ["run", "--detach", "--rm", "--name", name, "--network", "host", "--volume", `${folder}:${folder}`]
    if (tls) run.push("--volume", `${tls.folder}:${tls.folder}:ro`)
    const ran = Bun.spawnSync(["docker", ...run, "--entrypoint", "nginx", image, "-c", file])
    const container = new NginxContainer(port, operatorsPort, folder, name)
    if (ran.exitCode !== 0) throw new Error(ran.stderr.toString())
    await eventually("nginx listens", async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/nothing`, { redirect: "manual" }).catch(() => undefined)
      return answer?.status === (tls ? 308 : 404)
    }).catch(async error => {
      const log = readFileSync(join(folder, "nginx.log"), "utf8")
      await container[Symbol.asyncDispose]()
      throw new Error(`${(error as Error).message}\n${log}`)
    })
    return container
  }

  async [Symbol.asyncDispose](): Promise<void> {
    Bun.spawnSync(["docker", "rm", "--force", this.name])
    rmSync(this.folder, { recursive: true, force: true })
  }
}
