package dev.tiphys.network.router.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.proxy.Observer.Served;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {

  private static final World WORLD = new RealWorld();

  @TempDir private Path folder;

  private static Served served(String target, boolean passed, boolean logged, String... headers)
      throws Exception {
    var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
    request.headers().set("host", "a.example.com");
    for (int i = 0; i < headers.length; i += 2) {
      request.headers().set(headers[i], headers[i + 1]);
    }
    return new Served(
        "GET",
        "a.example.com",
        "/path",
        "default/app@a.example.com/",
        passed ? "default/web:80" : "",
        passed ? "10.244.0.9:8080" : "",
        1,
        200,
        Duration.ofMillis(1234),
        "7",
        InetAddress.ofLiteral("192.0.2.7"),
        RequestHead.of(request, "http", null),
        "HTTP/1.1",
        logged,
        17,
        42);
  }

  private static String line(Served served) {
    return LogLine.of(served, Instant.parse("2026-01-02T03:04:05Z"));
  }

  @Test
  void aLineIsAsNginxWritesIt() throws Exception {
    String line =
        line(
            served(
                "/path",
                true,
                true,
                "referer",
                "http://a.example.com/",
                "user-agent",
                "curl/8.5",
                "x-request-id",
                "abc"));

    assertThat(line)
        .matches(
            "192\\.0\\.2\\.7 - - \\[0[1-3]/Jan/2026:\\d\\d:\\d\\d:05 [+-]\\d{4}] \"GET /path"
                + " HTTP/1\\.1\" 200 42 \"http://a\\.example\\.com/\" \"curl/8\\.5\" 17 1\\.234"
                + " \\[default/web:80] \\[] 10\\.244\\.0\\.9:8080 42 1\\.234 200 abc\n");
  }

  @Test
  void whatIsNotKnownIsAHyphen() throws Exception {
    assertThat(line(served("/path", false, true)))
        .endsWith("\"GET /path HTTP/1.1\" 200 42 \"-\" \"-\" 17 1.234 [] [] - - - - -\n");
  }

  @Test
  void noSecretIsInIt() throws Exception {
    String line =
        line(
            served(
                "/path?token=s3cret&name&page=s3cret",
                true,
                true,
                "authorization",
                "Bearer s3cret",
                "cookie",
                "session=s3cret",
                "referer",
                "http://a.example.com/?key=s3cret"));

    assertThat(line)
        .doesNotContain("s3cret")
        .contains("GET /path?token=&name&page= HTTP/1.1")
        .contains("\"http://a.example.com/?key=\"");
  }

  @Test
  void whatAClientSendsEndsNeitherALineNorAPartOfIt() throws Exception {
    String line = line(served("/path", true, true, "user-agent", "a\"b\\c\u00e9\t[x]"));

    assertThat(line).contains("\"a\\x22b\\x5C").doesNotContain("a\"b").containsOnlyOnce("\n");
  }

  @Test
  void linesAreInTheFileWhenItIsClosedAndThoseThatAreNotWantedAreNot() throws Exception {
    Path file = folder.resolve("access.log");
    try (AccessLog log = AccessLog.to(WORLD, file)) {
      log.ended(served("/seen", true, true));
      log.ended(served("/hidden", true, false));
    }

    assertThat(Files.readString(file)).contains("GET /seen").doesNotContain("hidden");
  }

  @Test
  void aFullFileGivesWayToANewOne() throws Exception {
    Path file = folder.resolve("access.log");
    try (AccessLog log = new AccessLog(WORLD, file, 1)) {
      log.ended(served("/one", true, true));
    }
    try (AccessLog log = new AccessLog(WORLD, file, 1)) {
      log.ended(served("/two", true, true));
    }

    assertThat(Files.readString(file)).contains("/two").doesNotContain("/one");
    assertThat(Files.readString(folder.resolve("access.log.1"))).contains("/one");
  }

  /// The disk takes nothing: lines are left out, and it is said how many.
  @Test
  void whatComesFasterThanItIsWrittenIsLeftOut() throws Exception {
    Path file = folder.resolve("access.log");
    Served one = served("/many", true, true);
    try (AccessLog log = AccessLog.to(WORLD, file)) {
      synchronized (log) { // which is what the writer needs
        for (int i = 0; i < 30_000; i++) {
          log.ended(one);
        }
      }
    }

    String all = Files.readString(file, StandardCharsets.ISO_8859_1);
    long written = all.lines().filter(line -> line.contains("/many")).count();
    long left =
        all.lines()
            .filter(line -> line.startsWith("# "))
            .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
            .sum();
    assertThat(written).isBetween(8000L, 17_000L);
    assertThat(written + left).isEqualTo(30_000);
  }
}
