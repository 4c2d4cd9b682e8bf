import type { ApolloServerPlugin } from '@apollo/server';
import { trace } from '@opentelemetry/api';
import { toBoundedText } from '../jobs/storable-text.ts';

/**
 * The name of a server span until its operation is known, and of one that has none. By OpenTelemetry's semantic conventions for GraphQL, as
 * the rest here: https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/
 */
export const unknownOperationSpan = 'GraphQL Operation';

const maxNameLength = 200;

/** Names the span after the type of its operation. Neither document nor variables become attributes: they may hold secrets. */
export const operationSpanPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, operationName }) {
        const span = trace.getActiveSpan();
        if (!span?.isRecording() || !operation) return;
        span.updateName(operation.operation).setAttribute('graphql.operation.type', operation.operation);
        if (operationName) span.setAttribute('graphql.operation.name', toBoundedText(operationName, maxNameLength));
      },
    };
  },
};
