package dev.tiphys.secrets.provider.aws.signing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Signs requests to one service.
///
/// Threads: any; immutable.
///
/// @param service as it is called in signatures: `secretsmanager`
/// @param region whose it is
public record Signer(String service, String region) {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int DAY = 8;

  /// The headers that a request is sent with: its own, and those that make up the signature.
  ///
  /// @param request whose headers have neither a time nor a token yet
  public List<Map.Entry<String, String>> sign(
      SignedRequest request, Credentials credentials, Instant now) {
    String time = TIME.format(now);
    List<Map.Entry<String, String>> headers = new ArrayList<>(request.headers());
    headers.add(Map.entry("X-Amz-Date", time));
    if (!credentials.sessionToken().isEmpty()) {
      headers.add(Map.entry("X-Amz-Security-Token", credentials.sessionToken()));
    }
    SignedRequest whole =
        new SignedRequest(
            request.method(), request.path(), request.query(), headers, request.body());
    headers.add(Map.entry("Authorization", authorization(whole, credentials, time)));
    return headers;
  }

  private String authorization(SignedRequest request, Credentials credentials, String time) {
    String day = time.substring(0, DAY);
    String scope = String.join("/", day, region, service, "aws4_request");
    String text =
        String.join("\n", ALGORITHM, time, scope, Hashes.hexOfSha256(request.canonical()));
    byte[] key = ("AWS4" + credentials.secretKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(day, region, service, "aws4_request", text)) {
      key = Hashes.hmac(key, part);
    }
    return "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
        .formatted(
            ALGORITHM,
            credentials.accessKey(),
            scope,
            request.names(),
            HexFormat.of().formatHex(key));
  }
}
