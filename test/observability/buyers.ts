import { Crowd } from "../support/crowd.ts"

/** A crowd that stops and deletes its history when the test ends, passed or failed. */
export class Buyers extends Crowd implements AsyncDisposable {
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.stop()
    } finally {
      this.deleteHistory()
    }
  }
}
