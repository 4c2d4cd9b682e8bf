# syntax=docker/dockerfile:1
# The image of Jobyard. From the root of a checkout: docker build -t jobyard .
# An image with Node.js 22.19 or newer, npm, and a shell.
ARG BASE=node:24-slim

# Makes the package as `npm pack` does. In one step, so that no layer has the development packages: 1 GB.
FROM ${BASE} AS package
WORKDIR /build
COPY . .
# The secret is for a registry of your own: --secret id=npmrc,src=$HOME/.npmrc
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --ignore-scripts --no-audit --no-fund \
    && npm run build:pages \
    && npm pack --loglevel=warn \
    && rm -rf node_modules console/node_modules playground/node_modules /root/.npm

# Installs the package with the dependencies of package-lock.json: npm would choose newer ones.
FROM ${BASE} AS installation
WORKDIR /opt/jobyard
COPY --from=package /build/package-lock.json /build/jobyard-*.tgz ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    tar -xzf jobyard-*.tgz --strip-components=1 \
    && npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && rm -rf jobyard-*.tgz package-lock.json /root/.npm

FROM ${BASE}
LABEL org.opencontainers.image.title="Jobyard" \
      org.opencontainers.image.description="One GraphQL API over the job systems of a company" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=installation /opt/jobyard /opt/jobyard
# A store in a folder, if one is configured, is in ./data: mount a volume.
RUN install -d -m 0700 -o 10001 -g 10001 /var/lib/jobyard
WORKDIR /var/lib/jobyard
# Variables take precedence over the file, so that the container is reachable and its health check finds the port.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    JOBYARD_CONFIG=/etc/jobyard/jobyard.yaml
# By number, so that Kubernetes can verify that the user isn't root.
USER 10001:10001
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node.js is process 1 and gets SIGTERM, with which Jobyard stops.
ENTRYPOINT ["node", "/opt/jobyard/dist/jobyard.js"]
