package dev.tiphys.secrets.provider.aws.credentials;

import dev.tiphys.object.Timestamps;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.signing.Credentials;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Credentials, and for how long they are good.
///
/// @param end null if they last
record Keys(Credentials credentials, @Nullable Instant end) {

  /// Those that last.
  static Keys lasting(String accessKey, String secretKey, String token) {
    return new Keys(new Credentials(accessKey, secretKey, token), null);
  }

  /// Those that a service has handed out.
  ///
  /// @param fields as AWS calls them
  /// @throws StoreException if it has not
  static Keys of(String source, Map<String, String> fields) {
    String accessKey = fields.getOrDefault("AccessKeyId", "");
    String secretKey = fields.getOrDefault("SecretAccessKey", "");
    if (accessKey.isEmpty() || secretKey.isEmpty()) {
      throw new StoreException("failed to retrieve credentials: " + source + " answered without");
    }
    String end = fields.getOrDefault("Expiration", "");
    return new Keys(
        new Credentials(accessKey, secretKey, fields.getOrDefault("Token", "")),
        end.isEmpty() ? null : time(source, end));
  }

  private static Instant time(String source, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new StoreException(
          "failed to retrieve credentials: " + source + " answered with an end that is no time");
    }
  }

  /// What may be shown.
  @Override
  public String toString() {
    return credentials + (end == null ? "" : " until " + Timestamps.seconds(end));
  }
}
