import type { Context } from "hono"
import { type Config, ConfigError } from "../config/config.ts"
import type { CredentialStore, Role } from "../core/ports/credentials.ts"
import type { Inventory } from "../core/ports/inventory.ts"
import type { Logbook } from "../core/ports/logbook.ts"
import type { Nodes } from "../core/ports/nodes.ts"
import type { Seals } from "../core/ports/seals.ts"
import { FULL } from "../core/rules.ts"
import { keptText, METRICS_EVERY_MS } from "../observability/kept-text.ts"
import type { Log } from "../observability/log.ts"
import type { ReplicaMetrics } from "../observability/replica-metrics.ts"
import type { Tracer } from "../observability/tracer.ts"
import { traced } from "../observability/tracing.ts"
import { type Random, systemRandom } from "../runtime/random.ts"
import { systemTime, type Time } from "../runtime/time.ts"
import { CustomerIds } from "../wire/customer-ids.ts"
import type { AuditReport } from "../wire/wire.ts"
import { LiveStream } from "./api/live.ts"
import { SaleLists } from "./api/sale-lists.ts"
import { Authenticator } from "./auth/authenticator.ts"
import { CompanyAccounts } from "./auth/company-accounts.ts"
import { ControlCookies, type ControlSession } from "./auth/control-cookie.ts"
import { Customers } from "./auth/customers.ts"
import { Directory } from "./auth/directory.ts"
import { FailedSignInCounter } from "./auth/failed-sign-ins.ts"
import { Operators } from "./auth/operators.ts"
import { Origins } from "./auth/origins.ts"
import { ShopKeys } from "./auth/shop-keys.ts"
import { CustomerTokens } from "./auth/tokens.ts"
import { auditor, oneAtATime } from "./proof/auditor.ts"
import { type Proofs, rememberedProofs } from "./proof/proofs.ts"
import { Admission } from "./purchase/admission.ts"
import { Arrivals } from "./purchase/arrivals.ts"
import { BATCH_MAX, Batcher } from "./purchase/batcher.ts"
import { SaleCache } from "./purchase/sale-cache.ts"
import { RefusalLog } from "./refusal-log.ts"
import { Responses } from "./responses.ts"

/** What each shape of the system gives its replicas. */
export interface ContextParts {
  readonly inventory: Inventory
  readonly nodes: Nodes
  readonly logbook: Logbook
  readonly credentials: CredentialStore
  readonly metrics: ReplicaMetrics
  readonly tracer: Tracer
  readonly log: Log
  /** The sealed pages of facts. */
  readonly seals: Pick<Seals, "pageAfter">
  /** The finished proofs of sales. */
  readonly proofs: Pick<Proofs, "of">
  /** False while this replica is stopping. */
  isOpen(): boolean
  /** The identity of this replica's system, which its sessions name; undefined until the store has been paired with its ledger. */
  systemId(): string | undefined
  /** One sentence that says why no customer could buy now; undefined when all is well. Rejects if the store fails. */
  obstacle(): Promise<string | undefined>
}

/** Everything that a request handler uses. It is made once per replica and never changes. */
export interface RequestContext extends ContextParts {
  readonly time: Time
  readonly random: Random
  /** Whether each purchase is logged. The level never changes, and each asks. */
  readonly logsPurchases: boolean
  readonly arrivals: Arrivals
  readonly batcher: Batcher
  readonly saleCache: SaleCache
  readonly live: LiveStream
  readonly saleLists: SaleLists
  readonly authenticator: Authenticator
  readonly failedSignIns: FailedSignInCounter
  /** The provider of company accounts. Undefined if operators have tokens only. */
  readonly company: CompanyAccounts | undefined
  /** The keys of a shop that signs its buyers' tokens itself. */
  readonly shopKeys: ShopKeys | undefined
  /** Which other sites' pages may call the shop's API. Undefined if none. */
  readonly sharing: Origins | undefined
  readonly responses: Responses
  /** How many proxies stand before this replica and append to X-Forwarded-For; 0 if clients can reach it without one. */
  readonly proxies: number
  /** The text of `/metrics`, made at most once a second. */
  metricsText(): Promise<string>
  /** Audits one sale. Resolves to undefined if there is no such sale. */
  audit(saleId: string): Promise<AuditReport | undefined>
}

/** Starts nothing: call `saleCache.start()`, then `listen`. */
export function createContext(
  config: Config,
  parts: ContextParts,
  time: Time = systemTime,
  random: Random = systemRandom,
): RequestContext {
  const { sessionSecret, adminToken } = config
  if (sessionSecret === undefined || adminToken === undefined) {
    throw new ConfigError("A replica needs SESSION_SECRET and ADMIN_TOKEN.")
  }
  const { inventory, metrics, tracer } = parts
  const { publicOrigin, allowedOrigins } = config.customers
  const origins = new Origins(publicOrigin, allowedOrigins)
  const shopKeys = config.customers.shopKeys && new ShopKeys(config.customers.shopKeys, time)
  const saleCache = new SaleCache(inventory, time)
  saleCache.onChange(sale => metrics.addSale(sale.id))
  const batcher = new Batcher({
    fewCalls: inventory.prefersFewCalls,
    async call(batch) {
      const started = time.monotonic()
      const answers = await traced(tracer.storeCall(batch), inventory.decide(batch))
      metrics.observeStoreCall((time.monotonic() - started) / 1000)
      let at = 0
      for (const { saleId } of batch) if (answers[at++]?.detail === FULL) metrics.countFull(saleId)
      return answers
    },
    admission: new Admission({
      clock: time,
      batchMax: BATCH_MAX,
      shed: reason => metrics.countShed(reason),
      waited: ms => metrics.observeWait(ms / 1000),
    }),
    time,
    soon: setImmediate,
    sized: attempts => metrics.observeBatch(attempts),
  })
  const failedSignIns = new FailedSignInCounter(parts.logbook, parts.log, time)
  const customers = customersOf(config, sessionSecret, parts, shopKeys, origins)
  const { tokens } = customers
  const operators = new Operators({
    adminToken,
    directory: new Directory(parts.credentials, time),
    clock: time,
    onWrongToken: subnet => failedSignIns.add(subnet),
  })
  const company = config.oidc && new CompanyAccounts(config.oidc, text => tokens.sign(text), time)
  return {
    ...parts,
    proofs: rememberedProofs(parts.proofs, () => time.monotonic()),
    time,
    random,
    logsPurchases: parts.log.isLevelEnabled("debug"),
    arrivals: new Arrivals({ time, isStamped: config.arrivalStamp, soon: setImmediate }),
    batcher,
    saleCache,
    saleLists: new SaleLists(saleCache, time),
    live: new LiveStream(saleCache, { all: config.streamsMax, perAddress: config.streamsPerAddress }, time),
    authenticator: new Authenticator(
      customers,
      operators,
      new ControlCookies(operators, text => tokens.sign(text), company?.digest),
    ),
    company,
    failedSignIns,
    sharing: origins.allowsOthers ? origins : undefined,
    shopKeys,
    responses: new Responses(config.nodeId, new RefusalLog(parts.log, time)),
    proxies: config.trustProxy,
    metricsText: keptText(METRICS_EVERY_MS, () => parts.nodes.metrics(), time),
    audit: oneAtATime(auditor(inventory, time)),
  }
}

function customersOf(
  { customers }: Config,
  secret: string,
  { systemId }: ContextParts,
  otherKeys: ShopKeys | undefined,
  origins: Origins,
): Customers {
  const previous = customers.sessionSecretPrevious
  const customerIds = new CustomerIds(customers.customerIdSecret)
  const tokens = new CustomerTokens({ secret, previous, customerIds, systemId, otherKeys })
  return new Customers(tokens, origins, customers.anonymous)
}

/** A request's environment in Hono: what Bun's server knows of its connection. */
export interface RequestEnv {
  Bindings: {
    timeout(request: Request, seconds: number): void
    requestIP(request: Request): { address: string } | null
  }
  Variables: {
    /** The request came to a listener for operators, who may be told about the inside. */
    isInside?: true
    /** How the logbook names an administrator's request, when it is entered, and the role that it needs. */
    action: { name: string; logbook?: "answer" | "start" | undefined; role?: Role | undefined }
    /** The operator or the backend who sent the request. */
    by?: string
    /** The control room's session, if its cookie came. */
    session?: ControlSession
    /** What an administrator's request is about, where its path does not say so. */
    subject?: string
  }
}

/** The address that a request came from, or "" if it is unknown. */
export function addressOf(c: Context<RequestEnv>): string {
  return c.env.requestIP(c.req.raw)?.address ?? ""
}
