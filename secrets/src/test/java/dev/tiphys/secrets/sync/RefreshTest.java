package dev.tiphys.secrets.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.model.ExternalSecret;
import dev.tiphys.secrets.model.ReadyCondition;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When stores are asked, at noon.
class RefreshTest {

  private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");

  @ParameterizedTest(name = "{0} every {1}, last {2}, changed {3}: {4}")
  @CsvSource({
    "Periodic,    1h, never,    false, true",
    "Periodic,    1h, 11:30:00, false, false",
    "Periodic,    1h, 11:00:00, false, true",
    "Periodic,    1h, 11:30:00, true,  true",
    "Periodic,    1h, 12:30:00, false, true", // a clock that went back
    "Periodic,    0s, never,    false, true",
    "Periodic,    0s, 09:00:00, false, false",
    "Periodic,    0s, 09:00:00, true,  false",
    "'',          1h, 11:00:00, false, true",
    "'',         -1s, 09:00:00, true,  false",
    "CreatedOnce, 1h, never,    false, true",
    "CreatedOnce, 1h, 09:00:00, false, false",
    "CreatedOnce, 1h, 09:00:00, true,  false",
    "OnChange,    1h, never,    false, true",
    "OnChange,    1h, 09:00:00, false, false",
    "OnChange,    1h, 09:00:00, true,  true"
  })
  void isDue(String policy, String interval, String last, boolean changed, boolean due) {
    ExternalSecret secret = secret(policy, interval, "");
    if (!last.equals("never")) {
      secret = synced(secret, last, changed);
    }
    assertThat(Refresh.isDue(secret, NOON)).isEqualTo(due);
  }

  @ParameterizedTest(name = "{0} every {1}")
  @CsvSource({"Periodic,    1h", "Periodic,    0s", "CreatedOnce, 1h", "OnChange,    1h"})
  void whatFailedIsAskedAgainThoughOneBeforeItDidNot(String policy, String interval) {
    ExternalSecret secret = synced(secret(policy, interval, ""), "11:59:59", false);
    Struct failed = ReadyCondition.in(secret.status(), "False", "SecretSyncedError", "lost", NOON);
    assertThat(Refresh.isDue(new ExternalSecret(secret.object().with("status", failed)), NOON))
        .isTrue();
  }

  @ParameterizedTest(name = "{0} every {1}, last {2}: in {3}")
  @CsvSource({
    "Periodic,    1h, 11:30:00, PT30M",
    "Periodic,    1h, 10:30:00, PT1S",
    "Periodic,    1h, 12:30:00, PT1H",
    "Periodic,    0s, 11:30:00, ",
    "CreatedOnce, 1h, 11:30:00, ",
    "OnChange,    1h, 11:30:00, "
  })
  void whenItIsAskedNext(String policy, String interval, String last, Duration next) {
    ExternalSecret secret = synced(secret(policy, interval, ""), last, false);
    assertThat(Refresh.next(secret, NOON)).isEqualTo(next);
  }

  @ParameterizedTest(name = "{0} {1} for {2}: {3}")
  @CsvSource({
    "allow, 0 11 * * *, 2h,  true",
    "allow, 0 11 * * *, 30m, false",
    "deny,  0 11 * * *, 2h,  false",
    "deny,  0 11 * * *, 30m, true",
    "allow, '@hourly',  5m,  true",
    "deny,  0 12 * * 3, 1m,  false", // a Wednesday
    "deny,  0 12 * * 4, 1m,  true"
  })
  void windowsGateWhatIsDueByTime(String kind, String schedule, String span, boolean due) {
    String windows =
        "syncWindows: {kind: %s, windows: [{schedule: '%s', duration: %s}]}"
            .formatted(kind, schedule, span);
    ExternalSecret secret = secret("Periodic", "1h", windows);
    assertThat(Refresh.isDue(synced(secret, "09:00:00", false), NOON)).isEqualTo(due);
    assertThat(Refresh.isDue(synced(secret, "09:00:00", true), NOON)).isTrue();
  }

  @Test
  void labelsAndAnnotationsAreChanges() {
    ExternalSecret secret = secret("OnChange", "1h", "");
    Struct labelled = secret.object().withAt("blue", "metadata", "labels", "team");
    Struct forced = secret.object().withAt("1", "metadata", "annotations", "force-sync");
    assertThat(secret.version())
        .matches("7-[0-9a-f]{56}")
        .isNotEqualTo(new ExternalSecret(labelled).version())
        .isNotEqualTo(new ExternalSecret(forced).version());
  }

  private static ExternalSecret secret(String policy, String interval, String more) {
    return new ExternalSecret(
        Yaml.struct(
            """
            metadata: {name: app, namespace: default, generation: 7}
            spec:
              refreshPolicy: "%s"
              refreshInterval: %s
              %s
            """
                .formatted(policy, interval, more)));
  }

  private static ExternalSecret synced(ExternalSecret secret, String last, boolean changed) {
    Struct status =
        Struct.of(
            "refreshTime",
            "2026-03-04T" + last + "Z",
            "syncedResourceVersion",
            changed ? "6-of-before" : secret.version());
    return new ExternalSecret(secret.object().with("status", status));
  }
}
