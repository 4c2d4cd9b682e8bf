import type { ApolloServerPlugin } from '@apollo/server';
import { trace } from '@opentelemetry/api';
import type { OperationDefinitionNode } from 'graphql';
import { toBoundedText } from '../jobs/storable-text.ts';

/**
 * The name of a server span until its operation is known, or if it has none. This file follows OpenTelemetry's semantic conventions for GraphQL:
 * https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/
 */
export const unknownOperationSpan = 'GraphQL Operation';

const maxNameLength = 200;

/** Names the active span after the type of its operation. The document and the variables don't become attributes: they may contain secrets. */
export function nameOperationSpan({ operation, name }: OperationDefinitionNode): void {
  const span = trace.getActiveSpan();
  if (!span?.isRecording()) return;
  span.updateName(operation).setAttribute('graphql.operation.type', operation);
  if (name) span.setAttribute('graphql.operation.name', toBoundedText(name.value, maxNameLength));
}

export const operationSpanPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation) nameOperationSpan(operation);
      },
    };
  },
};
