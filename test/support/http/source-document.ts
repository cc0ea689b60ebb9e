import { openapi } from "../../../src/http/api/openapi/document.ts"
import { ROUTES } from "../../../src/http/api/routes.ts"
import { ApiDocument } from "./document.ts"

/** The document before any system runs, so that its routes can name tests. */
export function sourceDocument(): ApiDocument {
  return new ApiDocument(JSON.parse(JSON.stringify(openapi(ROUTES))))
}
