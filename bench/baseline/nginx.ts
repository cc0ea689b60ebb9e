import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/**
 * nginx with its defaults: one worker, round robin, a new upstream connection per request. Its access log is off, which
 * makes it faster.
 */
export function writeNginxConfig(folder: string, port: number, upstreams: number[]): string {
  mkdirSync(join(folder, "nginx"))
  const file = join(folder, "nginx.conf")
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    name => `  ${name}_temp_path ${join(folder, "nginx", name)};`,
  )
  writeFileSync(
    file,
    [
      "daemon off;",
      // A master that runs as root switches to a user who may not enter this folder.
      process.getuid?.() === 0 ? "user root;" : "",
      `pid ${join(folder, "nginx.pid")};`,
      `error_log ${join(folder, "nginx.log")};`,
      // As in nginx's own sample configuration. The built-in 512 are two too few for 256 buyers and their upstreams.
      "events { worker_connections 1024; }",
      "http {",
      "  access_log off;",
      ...temp,
      `  upstream web { ${upstreams.map(upstream => `server 127.0.0.1:${upstream};`).join(" ")} }`,
      `  server { listen 127.0.0.1:${port}; location / { proxy_pass http://web; } }`,
      "}",
    ].join("\n"),
  )
  return file
}
