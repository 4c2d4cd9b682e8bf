/** A running export of traces. */
export interface Tracing {
  /** Sends the remaining spans. */
  stop(): Promise<void>;
}

/**
 * Exports spans with OTLP over HTTP, as configured by the standard OTEL_* variables.
 * Loaded only if tracing is enabled: otherwise, the spans in the code cost almost nothing.
 */
export async function startTracing(): Promise<Tracing> {
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
  provider.register();
  return { stop: () => provider.shutdown() };
}
