package dev.tiphys.node.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.eviction.Signal.Met;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.settings.EvictionThresholds;
import dev.tiphys.node.volumes.usage.VolumeUsage;
import dev.tiphys.node.volumes.usage.VolumeUsage.Amount;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which Pods take too much, and which go first when there is too little.
class LimitsTest {
  private static final String SPEC =
      """
      metadata: {name: p, uid: %s}
      spec:
        priority: %d
        containers:
        - name: a
          resources: {requests: {memory: 1Ki, ephemeral-storage: 1Ki}, limits: {%s}}
        - {name: b}
        volumes: [{name: v, emptyDir: {%s}}]
      """;

  private static Pod pod(String limits, String volume) {
    return new Pod(Yaml.struct(SPEC.formatted("u", 0, limits, volume)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "`` | sizeLimit: 2Ki | 2048 | 0 | 0 | -",
        "`` | sizeLimit: 2Ki | 2049 | 0 | 0 | `Usage of EmptyDir volume \"v\" exceeds the limit \"2Ki\". `",
        "`` | sizeLimit: 0 | 2049 | 0 | 0 | -",
        "`` | `` | 1000000 | 1000000 | 0 | -",
        "ephemeral-storage: 4Ki | `` | 2048 | 1024 | 1024 | -",
        "ephemeral-storage: 4Ki | `` | 2048 | 1024 | 1025 | `Pod ephemeral local storage usage exceeds the total limit of containers 4Ki. `",
        "ephemeral-storage: 4Ki | sizeLimit: 1Ki | 2048 | 9999 | 0 | `Usage of EmptyDir volume \"v\" exceeds the limit \"1Ki\". `",
      })
  void whatExceedsALimitIsNamed(
      String limits, String volume, long inVolume, long inA, long inB, String message) {
    PodUsage usage =
        new PodUsage(
            pod(limits, volume),
            Map.of("v", inVolume),
            inVolume,
            Map.of("a", inA, "b", inB),
            Map.of(),
            0);
    Limits.Exceeded exceeded = Limits.exceeded(usage);
    assertThat(exceeded == null ? null : exceeded.message()).isEqualTo(message);
  }

  @Test
  void aContainerExceedsItsOwnLimitWhereThePodDoesNot() {
    Pod pod =
        new Pod(
            Yaml.struct(
                """
                spec:
                  containers:
                  - {name: a, resources: {limits: {ephemeral-storage: 1Ki}}}
                  - {name: b, resources: {limits: {ephemeral-storage: 8Ki}}}
                """));
    PodUsage usage = new PodUsage(pod, Map.of(), 0, Map.of("a", 1025L, "b", 0L), Map.of(), 0);
    assertThat(Limits.exceeded(usage))
        .isEqualTo(
            new Limits.Exceeded(
                "ephemeralcontainerfs.limit",
                "Container a exceeded its local ephemeral storage limit \"1Ki\". "));
  }

  @Test
  void limitsOfPodsThatHaveNoneNeedNoMeasuring() {
    assertThat(Limits.has(pod("", ""))).isFalse();
    assertThat(Limits.has(pod("ephemeral-storage: 1Ki", ""))).isTrue();
    assertThat(Limits.has(pod("", "sizeLimit: 1Ki"))).isTrue();
  }

  private static PodUsage using(String uid, int priority, long disk) {
    return new PodUsage(
        new Pod(Yaml.struct(SPEC.formatted(uid, priority, "", ""))),
        Map.of(),
        0,
        Map.of("a", disk),
        Map.of("a", disk),
        0);
  }

  @Test
  void thoseThatTakeMoreThanTheyAskedForGoFirst() {
    List<PodUsage> pods =
        List.of(
            using("modest", -5, 1000),
            using("much", 5, 5000),
            using("little", 5, 2000),
            using("cheap", 0, 1500));
    for (String resource : List.of("ephemeral-storage", "memory")) {
      assertThat(Ranking.of(pods, resource))
          .extracting(usage -> usage.pod().uid())
          .containsExactly("cheap", "much", "little", "modest");
    }
  }

  @Test
  void whatIsShortIsToldWithWhatWasUsed() {
    assertThat(Ranking.message(using("u", 0, 2048), new Met(Signal.POD_DISK, 1 << 20, 1 << 10)))
        .isEqualTo(
            "The node was low on resource: ephemeral-storage. Threshold quantity: 1Mi, available:"
                + " 1Ki. Container a was using 2Ki, request is 1Ki, has larger consumption of"
                + " ephemeral-storage. ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100 | 10 | 5 | 15 | 5 | ''",
        "99 | 10 | 5 | 15 | 5 | MEMORY",
        "100 | 9 | 5 | 15 | 5 | POD_DISK",
        "100 | 10 | 4 | 15 | 5 | POD_INODES",
        "100 | 10 | 5 | 14 | 5 | IMAGE_DISK",
        "100 | 10 | 5 | 15 | 4 | IMAGE_INODES",
        "9 | 9 | 5 | 9 | 5 | 'MEMORY,POD_DISK,IMAGE_DISK'",
      })
  void thresholdsAreUpstreams(
      long memory, long disk, long inodes, long images, long imageInodes, String met) {
    Vitals vitals =
        new Vitals(
            new Amount(1L << 30, 0, memory << 20),
            new VolumeUsage(new Amount(100, 0, disk), new Amount(100, 0, inodes), null),
            new VolumeUsage(new Amount(100, 0, images), new Amount(100, 0, imageInodes), null));
    assertThat(Signal.met(vitals, EvictionThresholds.DEFAULT))
        .extracting(each -> each.signal().name())
        .isEqualTo(met.isEmpty() ? List.of() : List.of(met.split(",")));
  }

  @Test
  void thresholdsCanBeSaidAsUpstreamSaysThem() {
    EvictionThresholds said = EvictionThresholds.parse("nodefs.available<1Gi,imagefs.available<5%");
    assertThat(said.least("nodefs.available", 1L << 40)).isEqualTo(1L << 30);
    assertThat(said.least("imagefs.available", 1000)).isEqualTo(50);
    assertThat(said.least("memory.available", 1000)).isZero();
    assertThat(EvictionThresholds.parse("").bounds()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nodefs.available | invalid eviction threshold syntax nodefs.available",
        "disk<5% | unsupported eviction signal disk",
        "nodefs.available<x% | eviction threshold x% cannot be read",
        "nodefs.available<1%,nodefs.available<2% | found duplicate eviction threshold for signal"
            + " nodefs.available",
      })
  void whatCannotBeReadIsRefused(String text, String why) {
    assertThatThrownBy(() -> EvictionThresholds.parse(text)).hasMessage(why);
  }
}
