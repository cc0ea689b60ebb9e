import { openapi } from "../../../src/http/api/openapi/document.ts"
import { ROUTES } from "../../../src/http/api/routes.ts"
import { ApiDocument } from "./document.ts"

/** The document made from the source, so that its operations can name tests before a system runs. */
export function sourceDocument(): ApiDocument {
  return new ApiDocument(JSON.parse(JSON.stringify(openapi(ROUTES))))
}
