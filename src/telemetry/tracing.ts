/** A running export of traces. */
export interface Tracing {
  /** Sends what has not been sent yet. */
  stop(): Promise<void>;
}

/**
 * Exports spans by OTLP over HTTP, to where the usual OTEL_* variables say.
 * Loaded only when asked for: without it the spans that the code begins cost next to nothing.
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
