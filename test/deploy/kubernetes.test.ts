import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultServer } from '../../src/config/config.ts';
import { maxStopMs } from '../../src/process/stop-limit.ts';
import { maxRssMiB } from '../abuse/max-rss.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { readImageSettings } from './dockerfile.ts';
import { type Manifest, readDeployedConfig, readText, readYaml } from './files.ts';
import { findInvalidValues, findTypeErrors } from './kubernetes-types.ts';
import { renderExample, whyNoKustomize } from './kustomize.ts';

const example = 'deploy/kubernetes/example';
const secretNames: string[] = readYaml(`${example}/kustomization.yaml`).secretGenerator[0].files.map((file: string) =>
  file.replace(/^secrets\//, ''),
);

test("the PrometheusRule has the rules of Prometheus' file", () => {
  const rule = readYaml('deploy/kubernetes/prometheus-operator/prometheus-rule.yaml');
  expect(rule.spec).toEqual(parse(readText('deploy/prometheus/alerts.yaml')));
});

describe.skipIf(whyNoKustomize)(`the rendered manifests${whyNoKustomize ? `: skipped, as ${whyNoKustomize}` : ''}`, () => {
  let manifests: Manifest[];
  let find: (kind: string) => Manifest;
  let jobyard: WithSandboxes;
  beforeAll(async () => {
    manifests = renderExample(secretNames);
    find = (kind) => manifests.find((manifest) => manifest.kind === kind);
    jobyard = await startWithSandboxes({ jobs: 1 });
  });
  afterAll(() => jobyard.close());
  const podOf = (): Manifest => find('Deployment').spec.template;
  const containerOf = (): Manifest => podOf().spec.containers[0];

  test('are one of each kind, all in one namespace', () => {
    const kinds = manifests.map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(
      new Set([
        ...['Namespace', 'ServiceAccount', 'ConfigMap', 'Secret', 'Service', 'Deployment', 'PodDisruptionBudget', 'Ingress'],
        ...['ServiceMonitor', 'PrometheusRule'],
      ]),
    );
    expect(kinds).toHaveLength(new Set(kinds).size);
    const others = manifests.filter(({ kind }) => kind !== 'Namespace');
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(new Set([find('Namespace').metadata.name]));
  });

  test("are valid in Kubernetes' and the Prometheus Operator's schemas, and have no unknown key", async () => {
    expect(await findInvalidValues(manifests)).toEqual([]);
    expect(await findTypeErrors(manifests)).toEqual([]);
  });

  test('would be reported if they were invalid', async () => {
    const [wrongValue, unknownKey, unknownKeyOfOperator] = ['Deployment', 'Deployment', 'ServiceMonitor'].map((kind) =>
      structuredClone(find(kind)),
    );
    wrongValue.spec.template.spec.containers[0].ports[0].containerPort = 'http';
    unknownKey.spec.template.spec.containers[0].readinesProbe = {};
    unknownKeyOfOperator.spec.endpoint = [];
    expect(await findInvalidValues([wrongValue])).toEqual([expect.stringMatching(/containerPort must be integer/)]);
    expect(await findTypeErrors([unknownKey, unknownKeyOfOperator])).toEqual([
      expect.stringContaining('readinesProbe'),
      expect.stringContaining('endpoint'),
    ]);
  });

  test('refer to each other by labels, ports, and names that exist', () => {
    const { labels } = podOf().metadata;
    expect(labels).toEqual({ 'app.kubernetes.io/name': 'jobyard' });
    expect(find('Deployment').spec.selector.matchLabels).toEqual(labels);
    expect(find('Service').spec.selector).toEqual(labels);
    // An empty selector would mean all pods of the namespace.
    expect(find('PodDisruptionBudget').spec.selector.matchLabels).toEqual(labels);
    expect(podOf().spec.topologySpreadConstraints[0].labelSelector.matchLabels).toEqual(labels);
    expect(find('Service').metadata.labels).toMatchObject(find('ServiceMonitor').spec.selector.matchLabels);

    const [port] = containerOf().ports;
    expect(find('Service').spec.ports).toEqual([expect.objectContaining({ targetPort: port.name })]);
    const servicePort = find('Service').spec.ports[0].name;
    expect(find('ServiceMonitor').spec.endpoints[0].port).toBe(servicePort);
    for (const { backend } of find('Ingress').spec.rules[0].http.paths)
      expect(backend.service).toEqual({ name: find('Service').metadata.name, port: { name: servicePort } });
    expect(podOf().spec.serviceAccountName).toBe(find('ServiceAccount').metadata.name);
    expect(find('Ingress').spec.tls[0].hosts).toEqual([find('Ingress').spec.rules[0].host]);
  });

  test('use the port, the user, and the folders of the image', () => {
    const { environment, user } = readImageSettings();
    expect(containerOf().ports[0].containerPort).toBe(Number(environment.PORT));
    const { runAsUser, runAsGroup, fsGroup } = podOf().spec.securityContext;
    expect(`${runAsUser}:${runAsGroup}`).toBe(user);
    expect(fsGroup).toBe(runAsGroup);
    const mount = containerOf().volumeMounts.find(({ name }: Manifest) => name === 'configuration');
    expect(Object.keys(find('ConfigMap').data).map((key) => `${mount.mountPath}/${key}`)).toEqual([environment.JOBYARD_CONFIG]);
  });

  test('have a valid configuration, whose secrets are mounted', () => {
    const { secretFiles } = readDeployedConfig(`${example}/jobyard.yaml`);
    const mount = containerOf().volumeMounts.find(({ name }: Manifest) => name === 'secrets');
    const mounted = Object.keys(find('Secret').data).map((key) => `${mount.mountPath}/${key}`);
    expect(secretFiles.toSorted()).toEqual(mounted.toSorted());
    expect(podOf().spec.volumes).toEqual([
      { name: 'configuration', configMap: { name: find('ConfigMap').metadata.name } },
      // For the group of the process, 0440.
      { name: 'secrets', secret: { secretName: find('Secret').metadata.name, defaultMode: 0o440 } },
    ]);
  });

  test('give a stop its time, and a balancer the time to notice it', () => {
    const { server } = readDeployedConfig(`${example}/jobyard.yaml`);
    expect(podOf().spec.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(maxStopMs(server));
    const { periodSeconds, failureThreshold } = containerOf().readinessProbe;
    expect(server.drainMs).toBeGreaterThanOrEqual((periodSeconds * failureThreshold + 2) * 1_000);
  });

  test('call paths that Jobyard serves, and show callers no other path', async () => {
    const probes = [containerOf().startupProbe, containerOf().livenessProbe, containerOf().readinessProbe];
    for (const path of [...probes.map(({ httpGet }) => httpGet.path), find('ServiceMonitor').spec.endpoints[0].path])
      expect([path, (await fetch(jobyard.origin + path)).status]).toEqual([path, 200]);
    for (const { httpGet } of probes) expect(httpGet.port).toBe(containerOf().ports[0].name);
    const shown = find('Ingress').spec.rules[0].http.paths.map(({ path, pathType }: Manifest) => [path, pathType]);
    expect(shown).toEqual([
      ['/graphql', 'Exact'],
      ['/console', 'Prefix'],
      // The files of the page at /.
      ['/playground', 'Prefix'],
      ['/', 'Exact'],
    ]);
    // The console is also 404 if it isn't built, with another message.
    for (const [path] of shown) expect(await (await fetch(jobyard.origin + path)).text()).not.toContain('Not found. GraphQL is at');
  });

  test("keep Kubernetes' restricted standard, on a read-only file system", () => {
    expect(find('Namespace').metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(podOf().spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(containerOf().securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(podOf().spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  });

  test('allow the memory that Jobyard uses under attack', () => {
    expect(Number.parseInt(containerOf().resources.limits.memory, 10)).toBeGreaterThan(maxRssMiB);
    expect(containerOf().resources.limits.memory).toMatch(/^\d+Mi$/);
  });

  test('replace pods one by one, and never evict the last one', () => {
    const { replicas, strategy } = find('Deployment').spec;
    expect(replicas).toBeGreaterThan(find('PodDisruptionBudget').spec.maxUnavailable);
    expect(strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  });
});

test('the image listens on the default port', () => {
  const { environment, exposedPort } = readImageSettings();
  expect([Number(environment.PORT), exposedPort]).toEqual([defaultServer.port, defaultServer.port]);
});
