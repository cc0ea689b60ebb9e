/**
 * Why a token was refused, in one word. Before the signature is known to be genuine, the word says only what the sender knows:
 * the form of what was sent. What the claims lack is said to those alone who could sign them.
 */
export type TokenFault =
  /** No token and no cookie came. */
  | "missing"
  /** A page of another origin sent the request, or a proxy changed `Host`. */
  | "origin"
  | "malformed"
  | "algorithm"
  | "signature"
  | "issuer"
  | "audience"
  | "scope"
  /** `sub` is missing, too long or not printable, or it needs CUSTOMER_ID_SECRET. */
  | "subject"
  /** Another system made it. */
  | "system"
  | "early"
  | "expired"
  /** Only customers that the shop names can buy here. */
  | "anonymous"

/** For the problem document: what an integrator would look at first. */
export const FAULT_DETAIL: Record<TokenFault, string> = {
  missing: "No token and no session cookie came with the request.",
  origin: "A session counts only on the shop's own pages, and Origin is not the shop's.",
  malformed: "malformed: the token is no JSON Web Token with readable claims.",
  algorithm: "algorithm: tokens are signed with an algorithm that this system was set up for.",
  signature: "signature: the token was signed with another key.",
  issuer: "issuer: the token needs the `iss` of JWKS_ISSUER.",
  audience: 'audience: the token needs "aud": "doorbuster", or with a key of JWKS_URL what JWKS_AUDIENCE says.',
  scope: "scope: the token needs the word of JWKS_SCOPE in its `scope`.",
  subject: "subject: the token needs a `sub` of 1 to 128 printable characters that this system can keep.",
  system: "system: another system made this token.",
  early: "early: the token is not valid yet; compare the clocks.",
  expired: "expired: the token needs an `exp` that has not passed.",
  anonymous: "This shop sells to signed-in customers only. Sign in at the shop, then come back.",
}
