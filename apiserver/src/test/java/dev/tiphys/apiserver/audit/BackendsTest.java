package dev.tiphys.apiserver.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.audit.BufferedBackend.Batching;
import dev.tiphys.apiserver.audit.RotatingFile.Limits;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsTest {

  private static final World WORLD = new RealWorld();
  private final AuditMetrics metrics = new AuditMetrics();

  @TempDir Path directory;

  private static AuditEvent event(String id, Level level, Object content) {
    return new AuditEvent(
        level,
        new StructBuilder()
            .add("kind", "Event")
            .add("auditID", id)
            .add("requestObject", content)
            .add("user", Struct.of("username", "bob", "groups", List.of("a", "b")))
            .build());
  }

  private static AuditEvent event(String id) {
    return event(id, Level.METADATA, Struct.EMPTY);
  }

  private String told() {
    Exposition out = new Exposition();
    metrics.write(out);
    return out.toString();
  }

  @Test
  void eventsAreLinesInUpstreamsOrder() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogBackend backend = new LogBackend(out, LogBackend.Format.JSON, metrics);
    assertThat(backend.process(List.of(event("1"), event("2")))).isTrue();
    assertThat(out.toString(UTF_8).lines())
        .containsExactly(
            "{\"kind\":\"Event\",\"auditID\":\"1\",\"user\":{\"groups\":[\"a\",\"b\"],\"username\":\"bob\"},\"requestObject\":{}}",
            "{\"kind\":\"Event\",\"auditID\":\"2\",\"user\":{\"groups\":[\"a\",\"b\"],\"username\":\"bob\"},\"requestObject\":{}}");
  }

  @Test
  void theOldFormatHasLess() {
    Struct tree =
        Json.struct(
            """
            {"auditID": "1", "stage": "ResponseComplete", "verb": "get", "requestURI": "/version",
             "requestReceivedTimestamp": "2026-01-31T09:00:00.120000Z", "responseStatus": {"code": 200}}
            """);
    assertThat(new AuditEvent(Level.METADATA, tree).line())
        .isEqualTo(
            "2026-01-31T09:00:00.12Z AUDIT: id=\"1\" stage=\"ResponseComplete\" ip=\"<unknown>\""
                + " method=\"get\" user=\"<none>\" groups=\"<none>\" as=\"<self>\""
                + " asgroups=\"<lookup>\" user-agent=\"\" namespace=\"<none>\" uri=\"/version\""
                + " response=\"200\"");
  }

  @Test
  void whatIsTooLargeLosesItsContent() {
    List<List<AuditEvent>> batches = new ArrayList<>();
    Backend kept =
        batch -> {
          batches.add(batch);
          return true;
        };
    AuditEvent large = event("1", Level.REQUEST, "x".repeat(500));
    AuditEvent hopeless = event("y".repeat(500), Level.METADATA, Struct.EMPTY);
    assertThat(
            new TruncatingBackend(kept, 300, 150, metrics)
                .process(List.of(large, event("2"), hopeless)))
        .isTrue();
    assertThat(batches).as("no batch is too large").hasSize(2);
    Struct first = batches.getFirst().getFirst().tree();
    assertThat(first.has("requestObject")).isFalse();
    assertThat(first.struct("annotations").string("audit.k8s.io/truncated")).isEqualTo("true");
    assertThat(told()).contains("apiserver_audit_error_total{plugin=\"truncate\"} 1");
  }

  @Test
  void aBufferNeverMakesARequestWait() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    LinkedBlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    Backend slow =
        batch -> {
          sizes.add(batch.size());
          try {
            return stuck.await(1, TimeUnit.MINUTES);
          } catch (InterruptedException e) {
            return false;
          }
        };
    BufferedBackend buffer =
        new BufferedBackend(
            WORLD, slow, new Batching(3, 2, Duration.ofHours(1), 0, 0, false), metrics);
    buffer.process(List.of(event("1"), event("2")));
    assertThat(sizes.poll(20, TimeUnit.SECONDS)).as("a full batch").isEqualTo(2);
    buffer.process(IntStream.range(0, 5).mapToObj(i -> event("" + i)).toList());
    assertThat(told()).contains("apiserver_audit_error_total{plugin=\"buffered\"} 2");
    stuck.countDown();
    buffer.close();
    assertThat(sizes).as("what was left at the end").containsExactly(2, 1);
    buffer.process(List.of(event("late")));
    assertThat(told()).contains("apiserver_audit_error_total{plugin=\"buffered\"} 3");
  }

  @Test
  void aBatchDoesNotWaitForever() throws Exception {
    LinkedBlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    Backend kept = batch -> sizes.add(batch.size());
    try (BufferedBackend buffer =
        new BufferedBackend(
            WORLD, kept, new Batching(10, 5, Duration.ofMillis(20), 100, 1, true), metrics)) {
      buffer.process(List.of(event("1")));
      assertThat(sizes.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void aFileIsPutAsideWhenItIsFull() throws Exception {
    Path file = directory.resolve("log/audit.log");
    byte[] line = "0123456789\n".getBytes(UTF_8);
    try (RotatingFile out =
        new RotatingFile(WORLD, file, new Limits(30, Duration.ZERO, 2, false))) {
      for (int i = 0; i < 12; i++) {
        out.write(line);
      }
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(Files.size(file)).isEqualTo(22);
    }
    while (names(file).size() > 3) {
      Thread.onSpinWait();
    }
    assertThat(names(file))
        .hasSize(3)
        .anyMatch(
            name -> name.matches("audit-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}\\.log"));
  }

  @Test
  void filesPutAsideCanBeCompressed() throws Exception {
    Path file = directory.resolve("audit.log");
    try (RotatingFile out = new RotatingFile(WORLD, file, new Limits(10, Duration.ZERO, 0, true))) {
      out.write("0123456789".getBytes(UTF_8));
      out.write("more".getBytes(UTF_8));
    }
    while (names(file).stream().noneMatch(name -> name.endsWith(".log.gz"))
        || names(file).size() > 2) {
      Thread.onSpinWait();
    }
    assertThat(Files.readString(file)).isEqualTo("more");
  }

  private static List<String> names(Path file) throws IOException {
    try (Stream<Path> files = Files.list(file.resolveSibling("."))) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }
}
