package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuotaTest {

  private static final ApiResource QUOTAS =
      new ApiResource(new GroupVersion("", "v1"), "resourcequotas", "ResourceQuota", true);

  private TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void quota(String spec) {
    cluster.create(QUOTAS, "{metadata: {name: q, namespace: default}, spec: " + spec + "}");
    cluster.advance(Duration.ofSeconds(1));
  }

  private Struct used() {
    return cluster.get(QUOTAS, "q").struct("status", "used");
  }

  private void pod(String name) {
    cluster.create(
        PODS,
        "{metadata: {name: %s, namespace: default}, spec: {terminationGracePeriodSeconds: 0, containers: [{name: c, image: i, resources: {requests: {cpu: 100m}}}]}}"
            .formatted(name));
  }

  @Test
  void aNewQuotaTellsWhatIsUsedAlready() {
    pod("a");
    pod("b");
    cluster.create(
        SERVICES,
        "{metadata: {name: s, namespace: default}, spec: {type: NodePort, ports: [{port: 80}]}}");

    quota(
        "{hard: {pods: 5, requests.cpu: 1, services.nodeports: 3, count/deployments.apps: 1, configmaps: 9}}");

    assertThat(used().toString())
        .isEqualTo(
            "{\"configmaps\":\"0\",\"count/deployments.apps\":\"0\",\"pods\":\"2\","
                + "\"requests.cpu\":\"200m\",\"services.nodeports\":\"1\"}");
    assertThat(cluster.get(QUOTAS, "q").struct("status", "hard").string("pods")).isEqualTo("5");
  }

  @Test
  void whatGoesIsGivenBackAtOnce() {
    quota("{hard: {pods: 1}}");
    pod("a");
    assertThat(used().string("pods")).isEqualTo("1");
    assertThatThrownBy(() -> pod("b")).hasMessageContaining("exceeded quota: q");
    cluster.settle();

    cluster.delete(PODS, "a");
    cluster.advance(Duration.ofSeconds(1));

    assertThat(used().string("pods")).isEqualTo("0");
    pod("b");
  }

  @Test
  void aChangedQuotaIsFollowed() {
    quota("{hard: {pods: 1}}");
    pod("a");

    cluster.change(QUOTAS, "q", quota -> quota.withAt("2", "spec", "hard", "pods"));
    cluster.advance(Duration.ofSeconds(1));

    pod("b");
    assertThat(used().string("pods")).isEqualTo("2");
  }

  /// Charges are made before writes, so those of writes that fail are too many.
  @Test
  void whatWasChargedForNothingIsGivenBackSoon() {
    quota("{hard: {pods: 3}}");
    pod("a");
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> pod("a")).isInstanceOf(ApiException.class);
    }
    assertThat(used().string("pods")).isEqualTo("3");

    cluster.advance(Duration.ofSeconds(5));

    assertThat(used().string("pods")).isEqualTo("1");
    pod("b");
    pod("c");
    assertThatThrownBy(() -> pod("d"))
        .hasMessage(
            "pods \"d\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=3, limited:"
                + " pods=3");
  }

  @Test
  void customKindsAreCounted() {
    cluster.create(
        new ApiResource(
            GroupVersion.parse("apiextensions.k8s.io/v1"),
            "customresourcedefinitions",
            "CustomResourceDefinition",
            false),
        """
        metadata: {name: things.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: things, singular: thing, kind: Thing, listKind: ThingList}
          versions:
          - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
        """);
    cluster.settle();
    ApiResource things =
        new ApiResource(GroupVersion.parse("example.com/v1"), "things", "Thing", true);
    String thing =
        "{apiVersion: example.com/v1, kind: Thing, metadata: {name: %s, namespace: default}}";
    quota("{hard: {count/things.example.com: 1}}");

    cluster.create(things, thing.formatted("a"));
    assertThatThrownBy(() -> cluster.create(things, thing.formatted("b")))
        .hasMessageContaining("requested: count/things.example.com=1");
    cluster.settle();
    cluster.delete(things, "a");
    cluster.advance(Duration.ofSeconds(1));

    cluster.create(things, thing.formatted("b"));
  }

  /// Sixty-four writers make and delete Pods in any order, with the controller counting meanwhile.
  @Seeds(3)
  void theQuotaHoldsWhateverWritersDo(long seed) {
    cluster.close();
    cluster = new TestCluster(seed);
    quota("{hard: {pods: 10}}");
    AtomicInteger most = new AtomicInteger();
    AtomicInteger made = new AtomicInteger();
    for (int i = 0; i < 64; i++) {
      String name = "p" + i;
      cluster.world.start(
          name,
          () -> {
            for (int round = 0; round < 4; round++) {
              if (isMade(name)) {
                made.incrementAndGet();
                most.accumulateAndGet(cluster.list(PODS).size(), Math::max);
                pause(Duration.ofMillis(cluster.world.random().nextInt(500)));
                cluster.delete(PODS, name);
              }
              pause(Duration.ofSeconds(cluster.world.random().nextInt(5)));
            }
          });
    }
    cluster.settle();

    assertThat(most.get()).isEqualTo(10);
    assertThat(made.get()).isGreaterThan(40);
    assertThat(used().string("pods")).isEqualTo("0");
  }

  private void pause(Duration span) {
    try {
      cluster.world.gate().await(span);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isMade(String name) {
    try {
      pod(name);
      return true;
    } catch (ApiException e) {
      assertThat(e.is(Reason.FORBIDDEN, Reason.ALREADY_EXISTS)).as(e.message()).isTrue();
      return false;
    }
  }
}
