import { AdminClient } from "../../../src/cli/admin-client.ts"
import { ROOT } from "../../support/compose-file.ts"
import { eventually } from "../../support/eventually.ts"
import { freePort, isPortFree } from "../../support/system.ts"

/** A finished program's exit code and output. */
export interface Ran {
  code: number
  out: string
}

/** The stack of compose.yaml with its own project name, image and ports, and without preparation. */
export class ComposeStack {
  adminToken = ""
  sessionSecret = ""

  private constructor(
    readonly project: string,
    private readonly env: Record<string, string>,
    readonly url: string,
    readonly operatorsUrl: string,
    readonly prometheusUrl: string,
  ) {}

  static async start(): Promise<ComposeStack> {
    const [port, operators, prometheus, grafana] = await Promise.all(Array.from({ length: 4 }, freePort))
    const project = `${process.env.TEST_PLACE ?? "doorbuster-test"}-${process.pid}`
    const env = {
      ...(process.env as Record<string, string>),
      COMPOSE_PROJECT_NAME: project,
      DOORBUSTER_IMAGE: project,
      PORT: `127.0.0.1:${port}`,
      OPERATORS_PORT: String(operators),
      PROMETHEUS_PORT: String(prometheus),
      GRAFANA_PORT: String(grafana),
    }
    const [url, operatorsUrl, prometheusUrl] = [port, operators, prometheus].map(at => `http://127.0.0.1:${at}`)
    const stack = new ComposeStack(project, env, url!, operatorsUrl!, prometheusUrl!)
    try {
      await stack.compose("up", "-d", "--build")
      await stack.readSecrets()
    } catch (error) {
      const logs = await stack.logs()
      await stack.remove()
      throw new Error(`${(error as Error).message}\n${logs}`)
    }
    return stack
  }

  /** Reads the secrets as an operator does. */
  async readSecrets(): Promise<void> {
    this.adminToken = await this.compose("exec", "-T", "web", "cat", "/secrets/app/admin-token")
    this.sessionSecret = await this.compose("exec", "-T", "web", "cat", "/secrets/app/session-secret")
  }

  get admin(): AdminClient {
    return new AdminClient({ url: this.operatorsUrl, adminToken: this.adminToken, dataDir: "" })
  }

  /** Returns the output. Throws if the command fails. */
  async compose(...args: string[]): Promise<string> {
    return this.#succeed("docker", "compose", ...args)
  }

  /** Ends the containers, and waits until their ports are free again. */
  async down(): Promise<void> {
    await this.compose("down")
    const ports = [this.url, this.operatorsUrl, this.prometheusUrl].map(url => Number(new URL(url).port))
    ports.push(Number(this.env.GRAFANA_PORT))
    await eventually("its ports are free", async () => (await Promise.all(ports.map(isPortFree))).every(Boolean))
  }

  async docker(...args: string[]): Promise<string> {
    return this.#succeed("docker", ...args)
  }

  /** Runs a script of package.json against this stack. */
  async npm(script: string): Promise<Ran> {
    return this.#run("npm", "run", "--silent", script)
  }

  /** Docker's name of a container such as `web-1`. */
  container(name: string): string {
    return `${this.project}-${name}`
  }

  async inspect(name: string, format: string): Promise<string> {
    return this.docker("inspect", this.container(name), "--format", format)
  }

  /** Milliseconds that the program's `--help` takes in this container. */
  async timeToStart(name: string): Promise<number> {
    const begun = performance.now()
    await this.docker("exec", this.container(name), "bun", "src/main.ts", "--help")
    return performance.now() - begun
  }

  async logs(): Promise<string> {
    return (await this.#run("docker", "compose", "--profile", "*", "logs", "--no-color", "--tail", "40")).out
  }

  /** Removes everything that the stack left on this machine. */
  async remove(): Promise<void> {
    await this.#run("docker", "compose", "--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5")
    await this.#run("docker", "image", "rm", "--force", this.project)
    const built = "label=org.opencontainers.image.title=doorbuster-build"
    // A failed build leaves its last container behind.
    await this.#run("docker", "container", "prune", "--force", "--filter", built)
    await this.#run("docker", "image", "prune", "--force", "--filter", built)
  }

  async #succeed(...command: string[]): Promise<string> {
    const { code, out } = await this.#run(...command)
    if (code !== 0) throw new Error(`${command.join(" ")} failed with ${code}:\n${out}`)
    return out.trim()
  }

  async #run(...command: string[]): Promise<Ran> {
    const child = Bun.spawn(command, { cwd: ROOT, env: this.env, stdio: ["ignore", "pipe", "pipe"] })
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    return { code, out: code === 0 ? out : `${out}${err}` }
  }
}
