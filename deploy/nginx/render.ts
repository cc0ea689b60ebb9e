import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** Options of nginx 1.22 or later in front of replicas on known ports, for tests and benchmarks without Docker. */
export interface NginxOptions {
  /** The folder for nginx's configuration, cache and log. */
  folder: string
  port: number
  operatorsPort: number
  /** The replicas' ports on this machine. */
  upstreams: number[]
  /** The replicas' operators' ports, where those are separate. */
  operatorsUpstreams?: number[]
  limits?: Partial<Limits>
  tls?: TlsFiles
  /** Networks of proxies whose X-Forwarded-For is believed. */
  realIpFrom?: string[]
  workers?: number
}

/** With these the public server speaks HTTPS on `tlsPort`, and `port` leads there. */
export interface TlsFiles {
  tlsPort: number
  /** Has the certificate and the key, and in `acme/` what the authority asks for. */
  folder: string
  certificate: string
  key: string
  /** nginx 1.25.1 or later: `http2` is a directive of its own. */
  isHttp2Directive?: boolean
  /** The value of Strict-Transport-Security. */
  hsts?: string
}

/** Limits for one address: requests and writes a second, the burst of each beyond that, active connections and live streams. */
export interface Limits {
  LIMITS: "on" | "off"
  LIMIT_REQUESTS: number
  BURST_REQUESTS: number
  LIMIT_WRITES: number
  BURST_WRITES: number
  /** Purchases with a customer's credential: of all behind one address, and of each credential. */
  LIMIT_BUYERS: number
  BURST_BUYERS: number
  LIMIT_CUSTOMER: number
  BURST_CUSTOMER: number
  LIMIT_CONNECTIONS: number
  LIMIT_STREAMS: number
  /** Live streams, and active connections, of the public server in all. */
  LIMIT_ALL_STREAMS: number
  LIMIT_ALL_CONNECTIONS: number
}

/**
 * As in compose.yaml. A thousand buyers behind one address of a mobile network get through, and one machine that floods
 * takes no more than a few hundredths of the replicas' capacity.
 */
export const LIMITS: Limits = {
  LIMITS: "on",
  LIMIT_REQUESTS: 1000,
  BURST_REQUESTS: 10_000,
  LIMIT_WRITES: 500,
  BURST_WRITES: 5000,
  LIMIT_BUYERS: 5000,
  BURST_BUYERS: 50_000,
  LIMIT_CUSTOMER: 10,
  BURST_CUSTOMER: 100,
  LIMIT_CONNECTIONS: 2000,
  LIMIT_STREAMS: 500,
  LIMIT_ALL_STREAMS: 3000,
  LIMIT_ALL_CONNECTIONS: 6000,
}

/** Writes nginx's files into the folder. Start it with `nginx -c` and the returned path. */
export function renderNginx({
  folder,
  port,
  operatorsPort,
  upstreams,
  operatorsUpstreams = upstreams,
  limits,
  tls,
  realIpFrom = [],
  workers = 2,
}: NginxOptions): string {
  const settings = {
    ...LIMITS,
    ...limits,
    ACCESS_LOG: join(folder, "access.log"),
    CACHE_DIR: join(folder, "copies"),
    LISTEN_PUBLIC: `127.0.0.1:${port}`,
    LISTEN_OPERATORS: `127.0.0.1:${operatorsPort}`,
    ...tlsSettings(tls),
  }
  mkdirSync(join(folder, "conf.d"), { recursive: true })
  cpSync(join(import.meta.dir, "snippets"), join(folder, "snippets"), { recursive: true })
  if (!tls?.isHttp2Directive) writeFileSync(join(folder, "snippets/http2.conf"), "")
  for (const name of readdirSync(join(import.meta.dir, "templates"))) {
    const template = readFileSync(join(import.meta.dir, "templates", name), "utf8")
    writeFileSync(join(folder, "conf.d", name.replace(/\.template$/, "")), substitute(template, settings))
  }
  mkdirSync(join(folder, "real-ip"), { recursive: true })
  const believed = realIpFrom.map(network => `set_real_ip_from ${network};\n`)
  writeFileSync(join(folder, "real-ip/list.conf"), believed.join(""))
  const file = join(folder, "nginx.conf")
  writeFileSync(file, `${mainOf(folder, { web: upstreams, operators: operatorsUpstreams }, workers).join("\n")}\n`)
  return file
}

function tlsSettings(tls: TlsFiles | undefined): Record<string, string | number> {
  return {
    TLS: tls ? "on" : "off",
    TLS_PORT: tls?.tlsPort ?? 443,
    LISTEN_TLS: `127.0.0.1:${tls?.tlsPort ?? 443} ssl${tls?.isHttp2Directive ? "" : " http2"}`,
    TLS_FOLDER: tls?.folder ?? "",
    TLS_CERTIFICATE: tls?.certificate ?? "",
    TLS_KEY: tls?.key ?? "",
    HSTS: tls?.hsts ?? "max-age=31536000",
  }
}

/** Replaces settings as the nginx image's entry point does. */
function substitute(template: string, settings: Record<string, string | number>): string {
  return template.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    if (settings[name] === undefined) throw new Error(`The template needs ${name}.`)
    return String(settings[name])
  })
}

function mainOf(folder: string, upstreams: Record<string, number[]>, workers: number): string[] {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
  return [
    "daemon off;",
    // A master that runs as root would switch its workers to a user that cannot read this folder.
    ...(process.getuid?.() === 0 ? ["user root;"] : []),
    `worker_processes ${workers};`,
    "worker_rlimit_nofile 20000;",
    `pid ${join(folder, "nginx.pid")};`,
    `error_log ${join(folder, "nginx.log")} warn;`,
    "events { worker_connections 16384; }",
    "http {",
    ...temporary.map(name => `  ${name}_temp_path ${join(folder, name)};`),
    ...Object.entries(upstreams).flatMap(([name, ports]) => [
      `  upstream ${name} {`,
      `    zone ${name} 256k;`,
      ...ports.map(port => `    server 127.0.0.1:${port} max_fails=0;`),
      "    include snippets/upstream.conf;",
      "  }",
    ]),
    "  include conf.d/edge.conf;",
    "}",
  ]
}
