import { dlopen, FFIType, ptr } from "bun:ffi"
import { closeSync, mkdirSync, openSync } from "node:fs"
import { join } from "node:path"
import { eventually } from "./eventually.ts"

const IMAGE_MIB = 64
/** `_IOR('X', 125, u32)` of linux/fs.h, and the flag that leaves even the file system's own log unwritten. */
const FS_IOC_SHUTDOWN = 0x8004587dn
const NO_LOG_FLUSH = 2
/** Linux on these processors numbers the call as above. */
const PROCESSORS = ["x64", "arm64"]

/** Mounting needs Linux, its administrator, and a loop device. */
export function canMount(): boolean {
  const isLinux = process.platform === "linux" && PROCESSORS.includes(process.arch)
  return isLinux && process.getuid?.() === 0 && Bun.which("mkfs.ext4") !== null && succeeds(["losetup", "--find"])
}

/** A separate file system that can be cut off as by a power failure: data that was not flushed is lost. */
export class Disk {
  readonly path: string
  readonly #image: string

  constructor(folder: string) {
    this.path = join(folder, "disk")
    this.#image = join(folder, "image")
    mkdirSync(this.path)
    run(["truncate", `--size=${IMAGE_MIB}M`, this.#image])
    run(["mkfs.ext4", "-q", this.#image])
    this.mount()
  }

  mount(): void {
    run(["mount", "-o", "loop", this.#image, this.path])
  }

  async unmount(): Promise<void> {
    await eventually("no process uses the disk", () => succeeds(["umount", this.path]))
  }

  /** From now on every read and write fails, and buffered data is not written. */
  cut(): void {
    const libc = dlopen("libc.so.6", {
      ioctl: { args: [FFIType.i32, FFIType.u64, FFIType.ptr], returns: FFIType.i32 },
    })
    const flags = new Uint32Array([NO_LOG_FLUSH])
    const root = openSync(this.path, "r")
    const result = libc.symbols.ioctl(root, FS_IOC_SHUTDOWN, ptr(flags))
    closeSync(root)
    libc.close()
    if (result !== 0) throw new Error("The file system could not be shut down.")
  }
}

function succeeds(command: string[]): boolean {
  return Bun.spawnSync(command, { stdio: ["ignore", "ignore", "ignore"] }).exitCode === 0
}

function run(command: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(command, { stdio: ["ignore", "ignore", "pipe"] })
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr}`)
}
