package dev.tiphys.secrets.provider.aws.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Signatures are those of the test suite that AWS has published. Where it signs fewer headers than
/// its request has, so do these.
class SignerTest {

  private static final Instant TIME = Instant.parse("2015-08-30T12:36:00Z");
  private static final String KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  /// One case of the suite.
  record Vector(String name, String request, String authorization) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> vectors() throws IOException {
    try (InputStream in = SignerTest.class.getResourceAsStream("vectors.txt")) {
      String all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(all.split("(?m)^# ")).skip(1).map(SignerTest::vector);
    }
  }

  private static Vector vector(String text) {
    int name = text.indexOf('\n');
    int result = text.indexOf("\n=> ");
    return new Vector(
        text.substring(0, name),
        text.substring(name + 1, result),
        text.substring(result + 4).strip());
  }

  @Test
  void theWholeSuiteIsHere() throws IOException {
    assertThat(vectors()).hasSize(31);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aRequestIsSignedAsPublished(Vector vector) {
    List<String> lines = vector.request().lines().toList();
    String target = lines.getFirst().replaceAll("^\\w+ | HTTP/1.1$", "");
    int question = target.indexOf('?');
    int end = lines.indexOf("") < 0 ? lines.size() : lines.indexOf("");
    List<Map.Entry<String, String>> headers = headers(lines.subList(1, end));
    String token = value(headers, "X-Amz-Security-Token");
    String signed = vector.authorization().replaceAll(".*SignedHeaders=([^,]*),.*", ";$1;");
    headers.removeIf(
        each ->
            each.getKey().startsWith("X-Amz-")
                || !signed.contains(";" + each.getKey().toLowerCase(Locale.ROOT) + ";"));

    SignedRequest request =
        new SignedRequest(
            lines.getFirst().split(" ", -1)[0],
            question < 0 ? target : target.substring(0, question),
            question < 0 ? "" : target.substring(question + 1),
            headers,
            String.join("\n", lines.subList(Math.min(end + 1, lines.size()), lines.size())));
    List<Map.Entry<String, String>> sent =
        new Signer("service", "us-east-1")
            .sign(request, new Credentials("AKIDEXAMPLE", KEY, token), TIME);

    assertThat(value(sent, "Authorization")).isEqualTo(vector.authorization());
  }

  private static List<Map.Entry<String, String>> headers(List<String> lines) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(" ")) { // the value of the header before goes on
        String name = headers.getLast().getKey();
        headers.add(Map.entry(name, line.strip()));
      } else {
        int colon = line.indexOf(':');
        headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1)));
      }
    }
    return headers;
  }

  private static String value(List<Map.Entry<String, String>> headers, String name) {
    return headers.stream()
        .filter(each -> each.getKey().equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  @Test
  void keysAreNotSeen() {
    assertThat(new Credentials("AKID", "hidden", "token-value").toString())
        .doesNotContain("AKID", "hidden", "token-value");
  }
}
