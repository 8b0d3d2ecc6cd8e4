package dev.tiphys.secrets.provider.aws.server;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Verifies signatures, from what has come over the wire alone.
final class Verifier {

  /// Keys that are known.
  ///
  /// @param token empty for lasting ones
  /// @param end of temporary ones
  record Key(String secret, String token, Instant end) {}

  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request, "
              + "SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  final Map<String, Key> keys = new ConcurrentHashMap<>();

  /// Which access key has signed it.
  String verify(
      String service, String region, String method, Headers headers, byte[] body, Instant now) {
    String given = headers.getFirst("Authorization");
    if (given == null) {
      throw new Refusal(403, "MissingAuthenticationToken", "Missing Authentication Token");
    }
    Matcher parts = AUTHORIZATION.matcher(given);
    if (!parts.matches()) {
      throw new Refusal("IncompleteSignatureException", "'" + given + "' not a valid header");
    }
    Key key = keys.get(parts.group(1));
    if (key == null) {
      throw new Refusal(
          "UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    String time = String.valueOf(headers.getFirst("X-Amz-Date"));
    Instant signed = LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC);
    if (signed.plus(TOLERANCE).isBefore(now)) {
      throw new Refusal(
          "InvalidSignatureException",
          "Signature expired: %s is now earlier than %s (%s - 5 min.)"
              .formatted(time, text(now.minus(TOLERANCE)), text(now)));
    }
    if (signed.minus(TOLERANCE).isAfter(now)) {
      throw new Refusal(
          "InvalidSignatureException",
          "Signature not yet current: %s is still later than %s (%s + 5 min.)"
              .formatted(time, text(now.plus(TOLERANCE)), text(now)));
    }
    scope(parts, service, region, time);
    token(key, headers, now);
    List<String> names = List.of(parts.group(5).split(";", -1));
    names(names, headers, key);
    String expected = signature(parts, key, canonical(method, names, headers, body), time);
    if (!expected.equals(parts.group(6))) {
      throw new Refusal(
          "InvalidSignatureException",
          "The request signature we calculated does not match the signature you provided.\n\n"
              + "The Canonical String for this request should have been\n"
              + canonical(method, names, headers, body));
    }
    return parts.group(1);
  }

  private static String text(Instant time) {
    return TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  private static void scope(Matcher parts, String service, String region, String time) {
    if (!parts.group(2).equals(time.substring(0, 8))
        || !parts.group(3).equals(region)
        || !parts.group(4).equals(service)) {
      throw new Refusal(
          "InvalidSignatureException", "Credential should be scoped to a valid region.");
    }
  }

  private static void token(Key key, Headers headers, Instant now) {
    String token = headers.getFirst("X-Amz-Security-Token");
    if (!key.token.equals(token == null ? "" : token)) {
      throw new Refusal(
          "UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    if (!key.token.isEmpty() && key.end.isBefore(now)) {
      throw new Refusal(
          "ExpiredTokenException", "The security token included in the request is expired");
    }
  }

  private static void names(List<String> names, Headers headers, Key key) {
    List<String> needed = new ArrayList<>(List.of("host", "x-amz-date"));
    if (!key.token.isEmpty()) {
      needed.add("x-amz-security-token");
    }
    for (String name : List.of("x-amz-target", "content-type")) {
      if (headers.containsKey(name)) {
        needed.add(name);
      }
    }
    if (!List.copyOf(new TreeSet<>(names)).equals(names) || !names.containsAll(needed)) {
      throw new Refusal("InvalidSignatureException", "'SignedHeaders' is not complete");
    }
  }

  private static String canonical(String method, List<String> names, Headers headers, byte[] body) {
    StringBuilder text = new StringBuilder(method + "\n/\n\n");
    for (String name : names) {
      text.append(name).append(':').append(String.join(",", headers.get(name))).append('\n');
    }
    return text.append('\n') + String.join(";", names) + "\n" + digest(body);
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String signature(Matcher parts, Key key, String canonical, String time) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] derived = ("AWS4" + key.secret).getBytes(StandardCharsets.UTF_8);
      String scope = parts.group(2) + "/" + parts.group(3) + "/" + parts.group(4);
      String whole =
          "AWS4-HMAC-SHA256\n%s\n%s/aws4_request\n%s"
              .formatted(time, scope, digest(canonical.getBytes(StandardCharsets.UTF_8)));
      String[] steps = {parts.group(2), parts.group(3), parts.group(4), "aws4_request", whole};
      for (String step : steps) {
        mac.init(new SecretKeySpec(derived, "HmacSHA256"));
        derived = mac.doFinal(step.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(derived);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
