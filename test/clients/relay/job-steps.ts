import { graphql } from 'relay-runtime';

export const readSteps = graphql`
  query jobStepsQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Job {
        steps {
          id
          name
          status
        }
      }
    }
  }
`;
