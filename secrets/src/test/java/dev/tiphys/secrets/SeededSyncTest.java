package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.Informer;
import dev.tiphys.controllers.Faults;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests get lost, controllers end and begin, the store is away now and then and has new values,
/// Secrets are changed and deleted by hand: in the end each is what the store has, none was ever
/// without a key that the store always had, and none of others was touched.
class SeededSyncTest {

  private static final int STEPS = 40;

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (long i = 1; i <= Rounds.of("tiphys.secrets", 16); i++) {
      seeds.add(i);
    }
    return seeds;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void inTheEndSecretsAreWhatTheStoreHas(long seed) {
    try (SecretsCluster it = new SecretsCluster(seed, new Faults(0.1, 0.1))) {
      it.provider.secrets.put("a", "a0");
      it.provider.secrets.put("b", "b0");
      it.store();
      given(it, "theirs", "{a: untouched}");
      given(it, "merged", "{own: kept}");
      List<String> broken = new ArrayList<>();
      try (Informer _ = it.cluster.observe(SECRETS, secrets -> look(secrets, broken))) {
        external(it, "owner", "name: owner");
        external(it, "merge", "name: merged, creationPolicy: Merge");
        external(it, "orphan", "name: orphan, creationPolicy: Orphan");
        for (int i = 0; i < STEPS; i++) {
          step(it, i);
        }
        it.provider.failure = "";
        it.provider.invalid = "";
        it.advance(1_200);

        Map<String, String> wanted = new TreeMap<>(it.provider.secrets);
        assertThat(it.values("owner")).isEqualTo(wanted);
        assertThat(it.values("orphan")).isEqualTo(wanted);
        wanted.put("own", "kept");
        assertThat(it.values("merged")).isEqualTo(wanted);
        assertThat(it.values("theirs")).isEqualTo(Map.of("a", "untouched"));
        assertThat(Meta.of(it.secret("theirs")).labels().isEmpty()).isTrue();
        assertThat(it.cluster.list(EXTERNAL_SECRETS))
            .allSatisfy(each -> assertThat(Meta.isTrue(each, "Ready")).isTrue());
        assertThat(broken).isEmpty();
      }
    }
  }

  private static void given(SecretsCluster it, String name, String values) {
    it.cluster.create(
        SECRETS,
        "{apiVersion: v1, kind: Secret, metadata: {name: %s, namespace: default}, stringData: %s}"
            .formatted(name, values));
  }

  private static void external(SecretsCluster it, String name, String target) {
    it.external(
        name,
        """
        refreshInterval: 1m
        target: {%s}
        data:
          - {secretKey: a, remoteRef: {key: a}}
          - {secretKey: b, remoteRef: {key: b}}
        """
            .formatted(target));
  }

  /// A Secret that was written once has all keys.
  private static void look(Informer secrets, List<String> broken) {
    for (var secret : secrets.list("default")) {
      Meta meta = Meta.of(secret);
      boolean written = meta.annotations().has("reconcile.external-secrets.io/data-hash");
      if (written && !secret.struct("data").names().containsAll(List.of("a", "b"))) {
        broken.add(meta.name() + ": " + secret.struct("data").names());
      }
    }
  }

  private static void step(SecretsCluster it, int step) {
    switch (it.cluster.world.random().nextInt(9)) {
      case 0 -> it.restart();
      case 1 -> it.provider.secrets.put("a", "a" + step);
      case 2 -> it.provider.secrets.put("b", "b" + step);
      case 3 -> it.provider.failure = "the store is away";
      case 4 -> it.provider.failure = "";
      case 5 -> it.provider.invalid = it.provider.invalid.isEmpty() ? "no" : "";
      case 6 -> it.cluster.delete(SECRETS, "owner");
      case 7 -> byHand(it, "owner");
      default -> byHand(it, "merged");
    }
    it.advance(it.cluster.world.random().nextInt(90));
  }

  private static void byHand(SecretsCluster it, String name) {
    if (it.hasSecret(name)) {
      it.cluster.change(
          SECRETS,
          name,
          secret ->
              Meta.withAnnotation(
                  secret.withAt("d3Jvbmc=", "data", "a"),
                  "test/changed",
                  it.cluster.world.now().toString()));
    }
  }
}
