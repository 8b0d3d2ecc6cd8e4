package dev.tiphys.secrets.provider.aws;

import static dev.tiphys.secrets.provider.aws.AwsSetup.assertClean;
import static dev.tiphys.secrets.provider.aws.AwsSetup.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.aws.server.AwsServer;
import dev.tiphys.secrets.provider.aws.server.AwsServer.Failure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is asked again, when, and how often; and that all ask at once only once.
class PolitenessTest {

  private static final RemoteReference DB = new RemoteReference("db", "");

  private AwsSetup it;

  @BeforeEach
  void start() throws IOException {
    it = new AwsSetup();
    it.server.secrets.have("db", Struct.of("SecretString", "s3cret"));
  }

  @AfterEach
  void close() {
    it.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400, ThrottlingException",
    "429, TooManyRequests",
    "500, InternalServiceError",
    "503, ''"
  })
  void whatPassesIsWaitedFor(int status, String code) throws InterruptedException {
    it.server.failures.add(new Failure(status, code, "Rate exceeded"));
    it.server.failures.add(new Failure(status, code, "Rate exceeded"));
    Instant before = it.cluster.world.now();
    try (OpenStore store = it.open("SecretsManager", "")) {
      assertThat(text(store.read(DB))).isEqualTo("s3cret");
    }
    assertThat(Duration.between(before, it.cluster.world.now()))
        .isBetween(Duration.ofMillis(1400), Duration.ofSeconds(4));
  }

  @Test
  void itEndsAfterThreeAttempts() {
    for (int i = 0; i < 5; i++) {
      it.server.failures.add(new Failure(400, "ThrottlingException", "Rate exceeded"));
    }
    try (OpenStore store = it.open("SecretsManager", "")) {
      assertThat(catchThrowable(() -> store.read(DB)))
          .hasMessage(
              "operation error Secrets Manager: GetSecretValue, https response error StatusCode:"
                  + " 400, api error ThrottlingException: Rate exceeded");
      assertThat(it.server.count("GetSecretValue")).isEqualTo(3);
    }
  }

  @Test
  void aStoreSaysHowOftenAndHowSlowly() {
    for (int i = 0; i < 5; i++) {
      it.server.failures.add(new Failure(400, "ThrottlingException", "Rate exceeded"));
    }
    Struct spec = Yaml.struct("retrySettings: {maxRetries: 2, retryInterval: 10s}");
    Struct settings = AwsSetup.settings("SecretsManager", "");
    Instant before = it.cluster.world.now();
    try (OpenStore store = it.open("SecretStore", "default", settings, spec)) {
      assertThat(catchThrowable(() -> store.read(DB))).isNotNull();
    }
    assertThat(it.server.count("GetSecretValue")).isEqualTo(2);
    assertThat(Duration.between(before, it.cluster.world.now())).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void whatIsRefusedIsNotAskedAgain() {
    it.server.failures.add(
        new Failure(
            400,
            "AccessDeniedException",
            "User is not authorized, request id: 11112222-3333 Credential=%s"
                .formatted(AwsServer.ACCESS_KEY)));
    try (OpenStore store = it.open("SecretsManager", "")) {
      Throwable refused = catchThrowable(() -> store.read(DB));
      assertThat(refused)
          .hasMessageEndingWith("api error AccessDeniedException: User is not authorized");
      assertClean(refused);
      assertThat(it.server.count("GetSecretValue")).isEqualTo(1);
    }
  }

  @Test
  void clocksThatDifferAreAllowedForOnce() throws InterruptedException {
    for (Duration ahead : List.of(Duration.ofHours(3), Duration.ofHours(-3))) {
      it.server.ahead = ahead;
      Instant before = it.cluster.world.now();
      try (OpenStore store = it.open("SecretsManager", "role: arn:aws:iam::1:role/app")) {
        assertThat(text(store.read(DB))).isEqualTo("s3cret");
      }
      assertThat(it.cluster.world.now()).isEqualTo(before); // no wait was needed
    }
  }

  @Test
  void allThatAskAtOnceAreOneRequest() {
    it.server.failures.add(new Failure(400, "ThrottlingException", "Rate exceeded"));
    List<String> read = new ArrayList<>();
    try (OpenStore store = it.open("SecretsManager", "role: arn:aws:iam::1:role/app")) {
      for (int i = 0; i < 50; i++) {
        it.cluster.world.start("reader", () -> read.add(readOf(store)));
      }
      it.cluster.advance(Duration.ofSeconds(5));
    }
    assertThat(read).hasSize(50).containsOnly("s3cret");
    assertThat(it.server.count("AssumeRole")).isEqualTo(2); // one of which was throttled
    assertThat(it.server.count("GetSecretValue")).isEqualTo(1);
  }

  private static String readOf(OpenStore store) {
    try {
      return text(store.read(DB));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
