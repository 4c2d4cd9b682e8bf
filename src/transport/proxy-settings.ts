/** The proxies that the environment names, by the variables of curl. */
export interface ProxySettings {
  /** For http URLs. Null: none. */
  httpProxy: string | null;
  /** For https URLs. Null: `httpProxy`. */
  httpsProxy: string | null;
  /** Hosts that are reached directly, separated by commas. */
  noProxy: string;
}
