package dev.tiphys.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutersTest {

  private static final GroupVersion ISTIO = GroupVersion.parse("networking.istio.io/v1alpha3");
  private static final ApiResource VIRTUAL_SERVICES =
      new ApiResource(ISTIO, "virtualservices", "VirtualService", true);
  private static final ApiResource DESTINATION_RULES =
      new ApiResource(ISTIO, "destinationrules", "DestinationRule", true);

  private RolloutCluster it;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
    it.service("stable");
    it.service("canary");
  }

  @AfterEach
  void close() {
    it.close();
  }

  private void serve(ApiResource resource) {
    ApiResource definitions =
        new ApiResource(
            GroupVersion.parse("apiextensions.k8s.io/v1"),
            "customresourcedefinitions",
            "CustomResourceDefinition",
            false);
    it.cluster.create(
        definitions,
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: %s.networking.istio.io}
        spec:
          group: networking.istio.io
          scope: Namespaced
          names: {kind: %s, plural: %s}
          versions:
          - name: v1alpha3
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """
            .formatted(resource.plural(), resource.kind(), resource.plural()));
    it.cluster.advance(Duration.ofSeconds(5));
  }

  private void canary(String routing, String steps) {
    it.rollout(
        4,
        """
        canary:
          stableService: stable
          canaryService: canary
          trafficRouting: %s
          steps: %s
        """
            .formatted(routing, steps));
  }

  private static String weights(Struct route) {
    return route.structs("route").stream()
        .map(
            each ->
                each.string("destination", "host")
                    + each.string("destination", "subset")
                    + "="
                    + each.integer("weight"))
        .toList()
        .toString();
  }

  private List<Struct> http() {
    return it.cluster.get(VIRTUAL_SERVICES, "web").structs("spec", "http");
  }

  @Test
  void aVirtualServiceSharesTrafficOutAndKeepsWhatElseItSays() {
    serve(VIRTUAL_SERVICES);
    it.cluster.create(
        VIRTUAL_SERVICES,
        """
        apiVersion: networking.istio.io/v1alpha3
        kind: VirtualService
        metadata: {name: web, namespace: default}
        spec:
          hosts: [web]
          http:
          - name: main
            timeout: 5s
            route:
            - {destination: {host: stable}, weight: 100}
            - {destination: {host: canary.default.svc.cluster.local}, weight: 0}
          - name: other
            route: [{destination: {host: elsewhere}}]
        """);
    canary(
        "{istio: {virtualService: {name: web, routes: [main]}}, managedRoutes: [{name: testers}, {name: copies}]}",
        """
        [{setWeight: 25}, {setHeaderRoute: {name: testers, match: [{headerName: x-test, headerValue: {exact: "1"}}]}},\
         {setMirrorRoute: {name: copies, percentage: 30, match: [{method: {exact: GET}}]}}, {pause: {}}, {setWeight: 50}, {pause: {}}]""");
    assertThat(weights(http().getFirst()))
        .isEqualTo("[stable=100, canary.default.svc.cluster.local=0]");
    it.image("web:2");
    it.settle();
    assertThat(http())
        .extracting(route -> route.string("name"))
        .containsExactly("testers", "copies", "main", "other");
    assertThat(http().get(0).structs("match").toString())
        .isEqualTo("[{\"headers\":{\"x-test\":{\"exact\":\"1\"}}}]");
    assertThat(weights(http().get(0))).isEqualTo("[canary.default.svc.cluster.local=100]");
    assertThat(http().get(1).string("mirror", "host"))
        .isEqualTo("canary.default.svc.cluster.local");
    assertThat(weights(http().get(2)))
        .isEqualTo("[stable=75, canary.default.svc.cluster.local=25]");
    assertThat(http().get(2).string("timeout")).isEqualTo("5s");
    it.promote();
    it.settle();
    assertThat(weights(http().get(1)))
        .isEqualTo("[stable=50, canary.default.svc.cluster.local=50]");
    it.abort();
    it.advance(5);
    assertThat(http()).extracting(route -> route.string("name")).containsExactly("main", "other");
    assertThat(weights(http().getFirst()))
        .isEqualTo("[stable=100, canary.default.svc.cluster.local=0]");
  }

  @Test
  void subsetsSelectThePodsOfBothVersions() {
    serve(VIRTUAL_SERVICES);
    serve(DESTINATION_RULES);
    it.cluster.create(
        VIRTUAL_SERVICES,
        """
        apiVersion: networking.istio.io/v1alpha3
        kind: VirtualService
        metadata: {name: web, namespace: default}
        spec:
          hosts: [web]
          http:
          - route:
            - {destination: {host: stable, subset: stable}}
            - {destination: {host: stable, subset: canary}}
        """);
    it.cluster.create(
        DESTINATION_RULES,
        """
        apiVersion: networking.istio.io/v1alpha3
        kind: DestinationRule
        metadata: {name: web, namespace: default}
        spec:
          host: stable
          subsets: [{name: stable, labels: {app: web}}, {name: canary, labels: {app: web}}]
        """);
    it.rollout(
        4,
        """
        canary:
          trafficRouting:
            istio:
              virtualService: {name: web.default}
              destinationRule: {name: web, canarySubsetName: canary, stableSubsetName: stable}
          steps: [{setWeight: 50}, {pause: {}}]
        """);
    it.image("web:2");
    it.settle();
    assertThat(weights(http().getFirst())).isEqualTo("[stablestable=50, stablecanary=50]");
    assertThat(subset(0)).isEqualTo(it.of("web:1").hash());
    assertThat(subset(1)).isEqualTo(it.of("web:2").hash());
    it.promote();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(subset(0)).isEqualTo(it.of("web:2").hash());
    assertThat(weights(http().getFirst())).isEqualTo("[stablestable=100, stablecanary=0]");
  }

  private String subset(int index) {
    return it.cluster
        .get(DESTINATION_RULES, "web")
        .structs("spec", "subsets")
        .get(index)
        .string("labels", Labels.HASH);
  }

  @Test
  void anIngressOfItsOwnGivesTheCanaryItsShare() {
    it.cluster.create(
        ApiResource.INGRESSES,
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web, namespace: default}
        spec:
          ingressClassName: nginx
          rules:
          - host: web.example.com
            http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: stable, port: {number: 80}}}}
              - {path: /x, pathType: Prefix, backend: {service: {name: other, port: {number: 80}}}}
          - host: other.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: other, port: {number: 80}}}}]}
        """);
    canary(
        "{nginx: {stableIngress: web, additionalIngressAnnotations: {canary-by-header: X-Canary}}}",
        "[{setWeight: 25}, {pause: {}}]");
    it.image("web:2");
    it.settle();
    Struct ingress = it.cluster.get(ApiResource.INGRESSES, "web-web-canary");
    assertThat(Meta.of(ingress).annotations().toString())
        .isEqualTo(
            """
            {"nginx.ingress.kubernetes.io/canary":"true",\
            "nginx.ingress.kubernetes.io/canary-by-header":"X-Canary",\
            "nginx.ingress.kubernetes.io/canary-weight":"25"}""");
    assertThat(ingress.struct("spec"))
        .isEqualTo(
            Yaml.struct(
                """
                ingressClassName: nginx
                rules:
                - host: web.example.com
                  http:
                    paths:
                    - {path: /, pathType: Prefix, backend: {service: {name: canary, port: {number: 80}}}}
                """));
    it.promote();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(
            Meta.of(it.cluster.get(ApiResource.INGRESSES, "web-web-canary"))
                .annotation("nginx.ingress.kubernetes.io/canary-weight"))
        .isEqualTo("0");
  }

  @Test
  void aRouteThatIsMissingIsToldAndNothingHappensUntilItIsThere() {
    canary("{nginx: {stableIngress: web}}", "[{setWeight: 25}]");
    assertThat(it.phase())
        .isEqualTo(
            "Degraded InvalidSpec: The Rollout \"web\" is invalid:"
                + " spec.strategy.canary.trafficRouting.nginx.stableIngress: Invalid value:"
                + " \"web\": ingresses.networking.k8s.io \"web\" not found");
    assertThat(it.sets()).isEmpty();
    it.cluster.create(
        ApiResource.INGRESSES,
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web, namespace: default}
        spec:
          rules:
          - http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: stable, port: {number: 80}}}}
        """);
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
  }

  @Test
  void aVirtualServiceThatIsMissingIsTold() {
    canary("{istio: {virtualServices: [{name: web.other}]}}", "[{setWeight: 25}]");
    assertThat(it.phase())
        .endsWith(
            "spec.strategy.canary.trafficRouting.istio.virtualServices.name: Invalid value:"
                + " \"web\": virtualservices.networking.istio.io \"web\" not found");
  }

  @Test
  void whatSomebodyElseSharesOutIsSetRightAtOnce() {
    serve(VIRTUAL_SERVICES);
    it.cluster.create(
        VIRTUAL_SERVICES,
        """
        apiVersion: networking.istio.io/v1alpha3
        kind: VirtualService
        metadata: {name: web, namespace: default}
        spec: {http: [{route: [{destination: {host: stable}}, {destination: {host: canary}}]}]}
        """);
    canary("{istio: {virtualService: {name: web}}}", "[{setWeight: 25}, {pause: {}}]");
    it.image("web:2");
    it.settle();
    it.settle();
    assertThat(weights(http().getFirst())).isEqualTo("[stable=75, canary=25]");
    it.cluster.change(
        VIRTUAL_SERVICES,
        "web",
        service ->
            service.with(
                "spec",
                Yaml.struct(
                    "{http: [{route: [{destination: {host: stable}, weight: 0}, {destination: {host: canary}, weight: 100}]}]}")));
    it.cluster.advance(Duration.ofSeconds(1));
    assertThat(weights(http().getFirst())).isEqualTo("[stable=75, canary=25]");
  }

  @Test
  void versionsOfAnExperimentGetTheirShares() {
    serve(VIRTUAL_SERVICES);
    it.cluster.create(
        VIRTUAL_SERVICES,
        """
        apiVersion: networking.istio.io/v1alpha3
        kind: VirtualService
        metadata: {name: web, namespace: default}
        spec: {http: [{route: [{destination: {host: stable}}, {destination: {host: canary}}]}]}
        """);
    it.rollout(
        4,
        """
        canary:
          stableService: stable
          canaryService: canary
          trafficRouting: {istio: {virtualService: {name: web}}}
          steps:
          - setWeight: 25
          - experiment:
              duration: 2m
              templates: [{name: base, specRef: stable, weight: 10}, {name: next, specRef: canary, weight: 5}]
          - pause: {}
        """,
        "{template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: 'web:1', ports: [{containerPort: 80}]}]}}}");
    it.set(
        List.of(Yaml.struct("{name: app, image: 'web:2', ports: [{containerPort: 80}]}")),
        "spec",
        "template",
        "spec",
        "containers");
    it.settle();
    String name = it.status().string("canary", "currentExperiment");
    assertThat(weights(http().getFirst()))
        .isEqualTo("[stable=60, canary=25, %s-base=10, %s-next=5]".formatted(name, name));
    assertThat(it.status().structs("canary", "weights", "additional"))
        .extracting(share -> share.string("serviceName") + "=" + share.integer("weight"))
        .containsExactly(name + "-base=10", name + "-next=5");
    it.settle();
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
    assertThat(weights(http().getFirst())).isEqualTo("[stable=75, canary=25]");
    assertThat(it.cluster.names(ApiResource.SERVICES))
        .doesNotContain(name + "-base", name + "-next");
  }
}
