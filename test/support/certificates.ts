import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { OPENSSL } from "./programs.ts"

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
/** What a server of these tests is reached by. */
const HERE = "IP:127.0.0.1,DNS:localhost"

/** A certificate of a server with its key, as files in PEM. */
export interface Certificate {
  certFile: string
  keyFile: string
}

/** An authority of a test that signs certificates of servers. */
export class Authority {
  readonly file: string

  private constructor(readonly folder: string) {
    this.file = join(folder, "ca.pem")
  }

  static make(): Authority {
    const authority = new Authority(mkdtempSync(join(tmpdir(), "doorbuster-ca-")))
    const { folder, file } = authority
    openssl(
      "req",
      "-x509",
      ...KEY,
      "-subj",
      "/CN=an authority of the tests",
      "-keyout",
      join(folder, "ca.key"),
      "-out",
      file,
    )
    return authority
  }

  /** The authority's own certificate. */
  get pem(): string {
    return readFileSync(this.file, "utf8")
  }

  /** Signs a certificate for `names`, such as `DNS:shop.example`. */
  certificate(names = HERE): Certificate {
    const name = join(this.folder, crypto.randomUUID())
    const files = { certFile: `${name}.pem`, keyFile: `${name}.key` }
    const signed = ["-CA", this.file, "-CAkey", join(this.folder, "ca.key")]
    const extensions = ["-addext", `subjectAltName=${names}`, "-addext", "basicConstraints=critical,CA:FALSE"]
    const out = ["-subj", "/CN=a server", "-keyout", files.keyFile, "-out", files.certFile]
    openssl("req", "-x509", ...KEY, ...signed, ...extensions, ...out)
    return files
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function openssl(...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync([OPENSSL.path, ...args], { stdio: ["ignore", "ignore", "pipe"] })
  if (exitCode !== 0) throw new Error(`openssl ${args[0]} ended with ${exitCode}: ${stderr}`)
}
