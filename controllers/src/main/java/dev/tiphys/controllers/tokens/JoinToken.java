package dev.tiphys.controllers.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A token by which nodes join, in its Secret. See
/// <https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/>.
record JoinToken(Struct secret) {

  private static final String PREFIX = "bootstrap-token-";
  private static final Pattern ID = Pattern.compile("[a-z0-9]{6}");

  /// Whether a Secret holds one.
  static boolean isIn(Struct secret) {
    return secret.string("type").equals("bootstrap.kubernetes.io/token")
        && Meta.of(secret).namespace().equals("kube-system");
  }

  String id() {
    return value("token-id");
  }

  String key() {
    return value("token-secret");
  }

  /// Whether what is told to nodes that join is to be signed with it.
  boolean signs(Instant now) {
    String name = Meta.of(secret).name();
    Duration left = left(now);
    return name.equals(PREFIX + id())
        && ID.matcher(id()).matches()
        && !key().isEmpty()
        && (left == null || left.isPositive())
        && value("usage-bootstrap-signing").equals("true");
  }

  /// How long it is still good; null for as long as its Secret is there. An end that can't be read
  /// counts as having come.
  @Nullable Duration left(Instant now) {
    String end = value("expiration");
    if (end.isEmpty()) {
      return null;
    }
    Instant time = Timestamps.of(end);
    return time == null ? Duration.ZERO : Duration.between(now, time);
  }

  private String value(String key) {
    try {
      return new String(Base64.getDecoder().decode(secret.string("data", key)), UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
