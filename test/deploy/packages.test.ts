import { expect, test } from "bun:test"
import packageJson from "../../package.json" with { type: "json" }
import lock from "../../package-lock.json" with { type: "json" }
import { ROOT } from "../support/files.ts"

// The kind: code that came with a package and that nobody looked at: its licence, and whether it is listed at all.

/** Licences that ask for nothing but their notice. */
const ALLOWED = [
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "MIT OR Apache-2.0",
  "(MIT AND Zlib)",
]
/** Tools that only tests run. They are not part of what is built. */
const ALLOWED_IN_DEVELOPMENT = ["MPL-2.0"]

interface Locked {
  version?: string
  license?: string
  dev?: boolean
  integrity?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const packages = Object.entries(lock.packages as Record<string, Locked>).filter(([path]) => path !== "")

test("every package has a licence that is on the list", () => {
  const odd = packages.filter(([, { license = "none", dev }]) => {
    return !(ALLOWED.includes(license) || (dev && ALLOWED_IN_DEVELOPMENT.includes(license)))
  })
  expect(odd).toEqual([])
})

test("every package is of one exact version", () => {
  const wanted = Object.values({ ...packageJson.dependencies, ...packageJson.devDependencies })
  expect(wanted.filter(version => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})

test("the lock file has every package of every platform with its hash, so that npm ci takes it everywhere", () => {
  const known = new Map(packages)
  // As Node looks for it: in the package itself, then in the folders around it.
  const isLocked = (from: string, name: string): boolean => {
    if (known.has(`${from && `${from}/`}node_modules/${name}`)) return true
    return from !== "" && isLocked(from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/"))), name)
  }
  const missing = packages.flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies }).filter(name => !isLocked(path, name)),
  )
  expect(missing).toEqual([])
  expect(packages.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([])
  const platforms = packages.filter(([path]) => /@biomejs\/cli-(linux|darwin|win32)-(x64|arm64)$/.test(path))
  expect(platforms).toHaveLength(6)
})

test("the bill of materials lists every package of the lock file with its hash", async () => {
  const npm = Bun.spawn(["npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  })
  const bill = await new Response(npm.stdout).json()
  expect(bill.bomFormat).toBe("CycloneDX")
  const names = packages.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, "")}@${version}`)
  const listed = new Map<string, unknown>(
    bill.components.map((one: { name: string; version: string; hashes: unknown }) => [
      `${one.name}@${one.version}`,
      one.hashes,
    ]),
  )
  expect([...new Set(names)].filter(name => !listed.has(name))).toEqual([])
  expect([...listed].filter(([, hashes]) => !hashes)).toEqual([])
}, 30_000)
