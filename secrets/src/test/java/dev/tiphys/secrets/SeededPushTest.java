package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.PUSH_SECRETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.controllers.Faults;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.world.Rounds;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests get lost, controllers end and begin, the store is away now and then, the Secret
/// changes, and values move to other places: in the end the store has what the Secret has, at the
/// places that are wanted and at no other that was pushed to before; what others have put there is
/// as it was.
class SeededPushTest {

  private static final int STEPS = 30;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Rounds.of("tiphys.secrets", 16));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void inTheEndTheStoreHasWhatTheSecretHas(long seed) {
    try (SecretsCluster it = new SecretsCluster(seed, new Faults(0.1, 0.1))) {
      it.provider.secrets.put("theirs", "untouched");
      it.store();
      it.cluster.create(
          SECRETS,
          "{apiVersion: v1, kind: Secret, metadata: {name: own, namespace: default}, stringData: {a: a0, b: b0}}");
      it.cluster.create(
          PUSH_SECRETS,
          """
          apiVersion: external-secrets.io/v1alpha1
          kind: PushSecret
          metadata: {name: app, namespace: default}
          spec:
            refreshInterval: 1m
            deletionPolicy: Delete
            secretStoreRefs: [{name: main}]
            selector: {secret: {name: own}}
            data:
              - {match: {secretKey: a, remoteRef: {remoteKey: place-0}}}
              - {match: {secretKey: b, remoteRef: {remoteKey: fixed}}}
          """);
      String place = "place-0";
      for (int i = 0; i < STEPS; i++) {
        place = step(it, i, place);
      }
      it.provider.failure = "";
      it.provider.invalid = "";
      it.advance(1_500);

      assertThat(it.provider.secrets).isEqualTo(wanted(it, place));
      assertThat(Meta.isTrue(it.cluster.get(PUSH_SECRETS, "app"), "Ready")).isTrue();

      it.cluster.delete(PUSH_SECRETS, "app");
      it.advance(1_500);
      assertThat(it.provider.secrets).isEqualTo(Map.of("theirs", "untouched"));
    }
  }

  private static Map<String, String> wanted(SecretsCluster it, String place) {
    Map<String, byte[]> values = SecretData.of(it.secret("own"));
    Map<String, String> wanted = new TreeMap<>();
    values.forEach(
        (key, value) ->
            wanted.put(
                key.equals("a") ? place : "fixed", new String(value, StandardCharsets.UTF_8)));
    wanted.put("theirs", "untouched");
    return wanted;
  }

  /// Returns where the first value is wanted from now on.
  private static String step(SecretsCluster it, int step, String place) {
    String next = place;
    switch (it.cluster.world.random().nextInt(7)) {
      case 0 -> it.restart();
      case 1 -> change(it, "a", "a" + step);
      case 2 -> change(it, "b", "b" + step);
      case 3 -> it.provider.failure = "the store is away";
      case 4 -> it.provider.failure = "";
      case 5 -> it.provider.invalid = it.provider.invalid.isEmpty() ? "no" : "";
      default -> {
        next = "place-" + step;
        move(it, next);
      }
    }
    it.advance(it.cluster.world.random().nextInt(90));
    return next;
  }

  private static void change(SecretsCluster it, String key, String value) {
    String text = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    it.cluster.change(SECRETS, "own", secret -> secret.withAt(text, "data", key));
  }

  private static void move(SecretsCluster it, String place) {
    it.cluster.change(
        PUSH_SECRETS,
        "app",
        push ->
            push.withAt(
                push.structs("spec", "data").stream()
                    .map(
                        entry ->
                            entry.string("match", "secretKey").equals("a")
                                ? entry.withAt(place, "match", "remoteRef", "remoteKey")
                                : entry)
                    .toList(),
                "spec",
                "data"));
  }
}
