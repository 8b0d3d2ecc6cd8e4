package dev.tiphys.delivery;

import static dev.tiphys.delivery.Istio.VIRTUAL_SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutersTest {

  private RolloutCluster it;
  private Istio istio;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
    istio = new Istio(it);
    it.service("stable");
    it.service("canary");
  }

  @AfterEach
  void close() {
    it.close();
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

  @Test
  void aVirtualServiceSharesTrafficOutAndKeepsWhatElseItSays() {
    istio.serve(VIRTUAL_SERVICES);
    istio.web(
        VIRTUAL_SERVICES,
        """
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
    assertThat(Istio.weights(istio.http().getFirst()))
        .isEqualTo("[stable=100, canary.default.svc.cluster.local=0]");
    it.image("web:2");
    it.settle();
    assertThat(istio.http())
        .extracting(route -> route.string("name"))
        .containsExactly("testers", "copies", "main", "other");
    assertThat(istio.http().get(0).structs("match").toString())
        .isEqualTo("[{\"headers\":{\"x-test\":{\"exact\":\"1\"}}}]");
    assertThat(Istio.weights(istio.http().get(0)))
        .isEqualTo("[canary.default.svc.cluster.local=100]");
    assertThat(istio.http().get(1).string("mirror", "host"))
        .isEqualTo("canary.default.svc.cluster.local");
    assertThat(Istio.weights(istio.http().get(2)))
        .isEqualTo("[stable=75, canary.default.svc.cluster.local=25]");
    assertThat(istio.http().get(2).string("timeout")).isEqualTo("5s");
    it.promote();
    it.settle();
    assertThat(Istio.weights(istio.http().get(1)))
        .isEqualTo("[stable=50, canary.default.svc.cluster.local=50]");
    it.abort();
    it.advance(5);
    assertThat(istio.http())
        .extracting(route -> route.string("name"))
        .containsExactly("main", "other");
    assertThat(Istio.weights(istio.http().getFirst()))
        .isEqualTo("[stable=100, canary.default.svc.cluster.local=0]");
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
  void whatIsSharedOutOtherwiseIsSetRightAtOnce() {
    istio.serve(VIRTUAL_SERVICES);
    istio.web(
        VIRTUAL_SERVICES,
        "http: [{route: [{destination: {host: stable}}, {destination: {host: canary}}]}]");
    canary("{istio: {virtualService: {name: web}}}", "[{setWeight: 25}, {pause: {}}]");
    it.image("web:2");
    it.settle();
    it.settle();
    assertThat(Istio.weights(istio.http().getFirst())).isEqualTo("[stable=75, canary=25]");
    it.cluster.change(
        VIRTUAL_SERVICES,
        "web",
        service ->
            service.with(
                "spec",
                Yaml.struct(
                    "{http: [{route: [{destination: {host: stable}, weight: 0}, {destination: {host: canary}, weight: 100}]}]}")));
    it.cluster.advance(Duration.ofSeconds(1));
    assertThat(Istio.weights(istio.http().getFirst())).isEqualTo("[stable=75, canary=25]");
  }

  @Test
  void versionsOfAnExperimentGetTheirShares() {
    istio.serve(VIRTUAL_SERVICES);
    istio.web(
        VIRTUAL_SERVICES,
        "http: [{route: [{destination: {host: stable}}, {destination: {host: canary}}]}]");
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
    assertThat(Istio.weights(istio.http().getFirst()))
        .isEqualTo("[stable=60, canary=25, %s-base=10, %s-next=5]".formatted(name, name));
    assertThat(it.status().structs("canary", "weights", "additional"))
        .extracting(share -> share.string("serviceName") + "=" + share.integer("weight"))
        .containsExactly(name + "-base=10", name + "-next=5");
    it.settle();
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
    assertThat(Istio.weights(istio.http().getFirst())).isEqualTo("[stable=75, canary=25]");
    assertThat(it.cluster.names(ApiResource.SERVICES))
        .doesNotContain(name + "-base", name + "-next");
  }
}
