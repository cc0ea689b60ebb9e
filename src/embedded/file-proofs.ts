import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Proof, Proofs } from "../http/proof/proofs.ts"

/** Inside the data folder. */
export const PROOFS_FOLDER = "proofs"

/** Finished proofs as files, one for each sale. The supervisor writes them and replicas read them. */
export class FileProofs implements Proofs {
  constructor(private readonly folder: string) {}

  async of(saleId: string): Promise<Proof | undefined> {
    try {
      return JSON.parse(await readFile(this.#file(saleId), "utf8")) as Proof
    } catch {
      return undefined
    }
  }

  async keep(saleId: string, proof: Proof): Promise<void> {
    const file = this.#file(saleId)
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    await writeFile(`${file}.next`, JSON.stringify(proof), { mode: 0o600 })
    await rename(`${file}.next`, file)
  }

  /** Ids of sales have no dots and no slashes. */
  #file(saleId: string): string {
    return join(this.folder, `${saleId}.json`)
  }
}
