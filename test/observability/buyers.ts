import { Crowd } from "../support/crowd.ts"

/** A crowd that goes home and is forgotten when the test is over, however it ends. */
export class Buyers extends Crowd implements AsyncDisposable {
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.goHome()
    } finally {
      this.forget()
    }
  }
}
