/** A running export of traces. */
export interface Tracing {
  /** Sends the remaining spans. */
  stop(): Promise<void>;
}

/** Tracing is configured, but its packages aren't installed. */
export class TracingUnavailableError extends Error {
  override name = 'TracingUnavailableError';
}

/** Most installations don't export traces, so these are optional peer dependencies. */
const packages = ['@opentelemetry/sdk-trace-node', '@opentelemetry/exporter-trace-otlp-http'] as const;

/**
 * Exports spans with OTLP over HTTP, as configured by the standard OTEL_* variables.
 * Loaded only if tracing is enabled: otherwise, the spans in the code cost almost nothing.
 * Rejects with a TracingUnavailableError if the packages aren't installed.
 */
export async function startTracing(): Promise<Tracing> {
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]).catch(rejectMissing);
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
  provider.register();
  return { stop: () => provider.shutdown() };
}

function rejectMissing(error: unknown): never {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
  throw new TracingUnavailableError(
    `OTEL_EXPORTER_OTLP_ENDPOINT: expected the packages ${packages.join(' and ')} for traces, got at least one that isn't installed. Install them (npm install ${packages.join(' ')}), or set OTEL_SDK_DISABLED=true.`,
  );
}
