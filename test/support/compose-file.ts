import { join, resolve } from "node:path"

export const ROOT = resolve(import.meta.dir, "../..")

export interface Service {
  image: string
  build?: string
  user?: string
  restart: string
  read_only?: boolean
  cap_drop?: string[]
  cap_add?: string[]
  privileged?: boolean
  security_opt?: string[]
  mem_limit?: string
  pids_limit?: number
  profiles?: string[]
  ports?: string[]
  networks?: string[]
  network_mode?: string
  volumes?: string[]
  environment?: Record<string, string>
  healthcheck?: { test: string[]; interval: string; timeout: string; retries: number }
  depends_on?: Record<string, { condition: string }>
  deploy?: { replicas: number }
  command?: string[]
}

export interface ComposeFile {
  name: string
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean } | null>
  volumes: Record<string, null>
}

export async function textOf(path: string): Promise<string> {
  return Bun.file(join(ROOT, path)).text()
}

/** compose.yaml as Compose reads it, before any setting is put in. */
export async function composeFile(): Promise<ComposeFile> {
  return Bun.YAML.parse(await textOf("compose.yaml")) as ComposeFile
}
